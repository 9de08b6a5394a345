#include "cli/guest_files.h"

#include "boot/loader.h"

namespace ringer::cli {

Result<GuestFiles> GuestFiles::open(const RunOptions& options) {
    GuestFiles files(TRY(host::InputFile::open("--kernel", options.kernel)));
    if (options.initrd) files.initrd_ = TRY(host::InputFile::open("--initrd", *options.initrd));
    return files;
}

Result<void> GuestFiles::load_into(machine::Pc& pc, const RunOptions& options) const {
    boot::KernelImage image{
        .kernel = {"--kernel " + options.kernel, kernel_.contents()},
        .initrd = std::nullopt,
        .command_line = options.append,
        .entry = options.entry,
    };
    if (initrd_) image.initrd = {"--initrd " + *options.initrd, initrd_->contents()};
    pc.vcpu().set_state(TRY(boot::load_kernel(pc.memory(), options.layout, image)));
    return {};
}

} // namespace ringer::cli
