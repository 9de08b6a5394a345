#include "base/assert.h"
#include "cpu_models.h"
#include "x86/decode.h"

#include <algorithm>
#include <array>
#include <span>

using namespace ringer;
using namespace ringer::fuzz;

namespace {

void decode_in_every_mode(std::span<const u8> bytes, const x86::CpuModel& model) {
    using enum x86::CodeMode;
    constexpr std::size_t longest = 15;
    for (const x86::CodeMode mode : {real16, protected16, protected32, long64}) {
        x86::Instruction instruction;
        if (x86::decode(bytes, mode, model, instruction) == x86::DecodeStatus::truncated) {
            RINGER_ASSERT(bytes.size() < longest);
            continue;
        }
        RINGER_ASSERT(instruction.handler && instruction.length <= std::min(bytes.size(), longest));
        for (const x86::RegisterOffset offset :
             {instruction.base, instruction.index, instruction.segment_base})
            RINGER_ASSERT(offset + sizeof(u64) <= sizeof(x86::Registers));
        RINGER_ASSERT(instruction.segment <= x86::gs);
    }
}

} // namespace

/// Arbitrary bytes decode to something in every mode, on every model of a CPU.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    static const std::array<x86::CpuModel, makers> models{model_of(Maker::host), model_of(Maker::intel),
                                                          model_of(Maker::amd), model_of(Maker::plain)};
    for (const x86::CpuModel& model : models) decode_in_every_mode({data, size}, model);
    return 0;
}
