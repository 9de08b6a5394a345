#include "cli/guest_files.h"

#include "base/bits.h"
#include "boot/firmware.h"
#include "boot/loader.h"
#include "machine/pc_platform.h"

namespace ringer::cli {

namespace {

Result<host::InputFile> open_firmware(const std::string& path) {
    constexpr u64 granularity = 64 * KiB, most = 8 * MiB;
    auto file = TRY(host::InputFile::open("--firmware", path));
    const u64 size = file.contents().size();
    if (size % granularity != 0 || size > most)
        return user_error(
            "--firmware {}: {} bytes are no PC firmware, which has a multiple of 64 KiB up to 8 MiB; "
            "give one such as {}",
            path, size, default_firmware);
    return file;
}

Result<host::InputFile> open_vga_bios(const std::string& path) {
    constexpr u64 granularity = 512, most = 64 * KiB;
    auto file = TRY(host::InputFile::open("--firmware vga", path));
    const std::span<const u8> contents = file.contents();
    const bool is_rom = contents.size() >= 2 && contents[0] == 0x55 && contents[1] == 0xaa;
    if (!is_rom || contents.size() % granularity != 0 || contents.size() > most)
        return user_error("--firmware vga={}: is no option ROM of at most 64 KiB; give one such as {}", path,
                          default_vga_bios);
    return file;
}

} // namespace

Result<GuestFiles> GuestFiles::open(const RunOptions& options) {
    GuestFiles files;
    if (options.kernel) {
        files.kernel_ = TRY(host::InputFile::open("--kernel", *options.kernel));
    } else {
        files.firmware_ = TRY(open_firmware(options.firmware.path));
        files.vga_bios_ = TRY(open_vga_bios(options.firmware.vga_bios));
    }
    if (options.initrd) files.initrd_ = TRY(host::InputFile::open("--initrd", *options.initrd));
    return files;
}

std::span<const u8> GuestFiles::firmware() const {
    return firmware_ ? firmware_->contents() : std::span<const u8>();
}

std::span<const u8> GuestFiles::vga_bios() const {
    return vga_bios_ ? vga_bios_->contents() : std::span<const u8>();
}

Result<void> GuestFiles::load_into(machine::Pc& pc, const RunOptions& options) const {
    if (kernel_) return load_kernel(pc, options);
    boot::describe_machine(pc.firmware_configuration(), pc.rtc(), options.layout,
                           {.acpi = {.floppies = pc.floppies()},
                            .console_port = machine::pc::serial_ports[0],
                            .boot_order = options.boot_order});
    return {};
}

Result<void> GuestFiles::load_kernel(machine::Pc& pc, const RunOptions& options) const {
    boot::KernelImage image{
        .kernel = {"--kernel " + *options.kernel, kernel_->contents()},
        .initrd = std::nullopt,
        .command_line = options.append,
        .entry = options.entry,
    };
    if (initrd_) image.initrd = {"--initrd " + *options.initrd, initrd_->contents()};
    pc.vcpu().set_state(
        TRY(boot::load_kernel(pc.memory(), options.layout, image, {.floppies = pc.floppies()})));
    kernel_->release();
    if (initrd_) initrd_->release();
    return {};
}

} // namespace ringer::cli
