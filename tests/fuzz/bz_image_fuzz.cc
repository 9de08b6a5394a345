#include "base/assert.h"
#include "boot/bz_image.h"
#include "boot/test_ram.h"

#include <array>

using namespace ringer;

/// A bzImage that is accepted lies within RAM, does not touch what is reserved, and starts inside of itself;
/// one that is not accepted is named.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    static boot::TestRam ram(machine::MemoryLayout::minimum);
    static constexpr std::array<u8, 5000> initrd{1};
    const std::span<const u8> file(data, size);

    const auto parsed = boot::parse_bz_image(file, "fuzz");
    for (const boot::Entry entry : {boot::Entry::automatic, boot::Entry::bits_32}) {
        const boot::KernelImage image{{"fuzz", file}, {{"fuzz initrd", initrd}}, "quiet", entry};
        const auto state = boot::load_bz_image(ram.memory(), ram.layout(), image, 0xe'0000);
        if (!state) {
            RINGER_ASSERT(state.error().message.starts_with("fuzz"));
            continue;
        }
        RINGER_ASSERT(parsed && parsed->load_address() >= MiB && parsed->end() <= ram.layout().low_end());
        RINGER_ASSERT(state->rip - parsed->load_address() < parsed->kernel.size());
        const GuestPhysical page = state->gpr[x86::rsi];
        RINGER_ASSERT(ram.at<u32>(page + 0x218) >= parsed->end());
        RINGER_ASSERT(ram.at<u32>(page + 0x218) + u64{initrd.size() - 1} <= parsed->highest_initrd_address);
        RINGER_ASSERT(ram.at<u8>(page + 0x1ef) == 0 && ram.at<u64>(page + 0x250) == 0);
    }
    return 0;
}
