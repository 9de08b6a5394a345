#include "base/assert.h"
#include "boot/pvh.h"
#include "boot/test_ram.h"

using namespace ringer;

/// A PVH kernel that is accepted has its segments and its entry within RAM; one that is not accepted is
/// named.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    static boot::TestRam ram(machine::MemoryLayout::minimum);
    const boot::KernelImage image{{"fuzz", {data, size}}, {}, "quiet", {}};

    const auto parsed = boot::parse_pvh(image.kernel.bytes, "fuzz");
    if (!parsed) {
        RINGER_ASSERT(parsed.error().message.starts_with("fuzz: "));
        return 0;
    }
    u64 total = 0;
    for (const auto& [place, bytes] : parsed->segments) {
        RINGER_ASSERT(place.base >= MiB && place.end() <= machine::MemoryLayout::hole_base);
        RINGER_ASSERT(bytes.size() <= place.size);
        total += place.size;
    }
    RINGER_ASSERT(total <= machine::MemoryLayout::hole_base);
    // Clearing much memory shows nothing more and is slow.
    if (total > MiB) return 0;

    const auto state = boot::load_pvh(ram.memory(), ram.layout(), image, 0xe'0000);
    RINGER_ASSERT(state.has_value() == (parsed->end() <= ram.layout().low_end()));
    RINGER_ASSERT(!state || ram.memory().ram(state->rip) != nullptr);
    return 0;
}
