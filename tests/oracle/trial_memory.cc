#include "trial_memory.h"

#include "layout.h"
#include "values.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ringer::oracle {

namespace {

constexpr u8 breakpoint = 0xcc;

std::span<const u8> memory_image(u64 number) {
    static const auto images = [] {
        std::vector<u8> all(image_count * layout::all_data_size);
        for (u64 i = 0; i < image_count; ++i)
            fill_memory_image(i, std::span(all).subspan(i * layout::all_data_size, layout::all_data_size));
        return all;
    }();
    return std::span(images).subspan(number * layout::all_data_size, layout::all_data_size);
}

void put_bytes(std::span<u8> object, u64 linear, std::span<const u8> bytes) {
    while (!bytes.empty()) {
        const std::span<u8> room = layout::at(object, linear);
        const std::size_t count = room.empty() ? 1 : std::min(room.size(), bytes.size());
        if (!room.empty()) std::memcpy(room.data(), bytes.data(), count);
        bytes = bytes.subspan(count);
        linear += count;
    }
}

std::array<u8, entry_frame_size> entry_frame_of(const x86::CpuState& state) {
    const std::array<u64, 5> frame{state.rip, state.segments[x86::cs].selector, state.rflags,
                                   state.gpr[x86::rsp], state.segments[x86::ss].selector};
    return std::bit_cast<std::array<u8, entry_frame_size>>(frame);
}

} // namespace

void put_trial(const Trial& trial, std::span<u8> object) {
    const std::span<u8> data = object.subspan(layout::data_offset);
    if (trial.empty_memory)
        std::ranges::fill(data, u8{0});
    else
        std::memcpy(data.data(), memory_image(trial.image).data(), data.size());
    for (const Patch& patch : trial.patches) {
        // The code pages hold the instruction alone.
        if (patch.linear - (layout::code - 1024) >= layout::code_size + 1024)
            put_bytes(object, patch.linear, patch.bytes);
    }
    put_bytes(object, trial.code_address(), trial.bytes);
    if (trial.code_size != CodeSize::bits64 && is_16_bit_stack(trial.state.segments[x86::ss].selector))
        put_bytes(object, entry_frame, entry_frame_of(trial.state));
}

void remove_instruction(const Trial& trial, std::span<u8> object) {
    put_bytes(object, trial.code_address(), std::vector<u8>(trial.bytes.size(), breakpoint));
}

void clear_code(std::span<u8> object) { std::ranges::fill(object.first(layout::code_size), breakpoint); }

} // namespace ringer::oracle
