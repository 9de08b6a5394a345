#include "generator.h"

#include "instruction_maker.h"
#include "layout.h"
#include "state_maker.h"

#include <xxhash.h>

namespace ringer::oracle {

u64 start_address(CodeSize code_size, u64 longest, Random& random) {
    const u64 base = code_size == CodeSize::bits16 ? base_of(code16_selector) : 0;
    if (random.chance(90)) return layout::code - base + 64 + random.below(layout::page_size);
    const u64 end = random.chance(50) ? layout::page_size : layout::code_size;
    return layout::code - base + end - 1 - random.below(longest);
}

bool calls_kernel(std::span<const u8> bytes) {
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        const unsigned pair = static_cast<unsigned>(bytes[i]) << 8 | bytes[i + 1];
        if (pair == 0x0f05 || pair == 0x0f34 || pair == 0xcd80) return true;
    }
    return false;
}

Generator::Generator(const Form& form, bool is_amd)
    : form_(form), is_amd_(is_amd), form_seed_(XXH3_64bits(form.name.data(), form.name.size())) {}

std::optional<Trial> Generator::make(u64 seed) const {
    Random random(scramble(seed) ^ form_seed_);
    Trial trial;
    trial.code_size = form_.code_size;
    constexpr unsigned longest_instruction = 15;
    trial.state.rip = start_address(form_.code_size, longest_instruction, random);
    auto made = make_instruction(form_, is_amd_, trial.state.rip, random);
    if (!made || calls_kernel(made->bytes)) return std::nullopt;
    trial.bytes = std::move(made->bytes);
    trial.lengths = {static_cast<u8>(trial.bytes.size())};
    if (!choose_state(trial, {&made->decoded, 1}, random)) return std::nullopt;
    return trial;
}

} // namespace ringer::oracle
