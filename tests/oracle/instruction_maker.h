#pragma once

#include "form.h"
#include "random.h"

namespace ringer::oracle {

/// An instruction of the form, its registers, addresses and constants at random, and how it decodes.
struct MadeInstruction {
    std::vector<u8> bytes;
    DecodedInstruction decoded;
};
/// `rip`: where it will stand.
std::optional<MadeInstruction> make_instruction(const Form& form, bool is_amd, u64 rip, Random& random);

} // namespace ringer::oracle
