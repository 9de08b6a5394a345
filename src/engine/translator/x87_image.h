#pragma once

#include "x86/state.h"

#include <array>

namespace ringer::engine::translator {

/// What FNSAVE stores and FRSTOR loads in 64-bit mode (Intel SDM Vol. 1, figures 8-9 and 8-13): the fastest
/// way to and from the host's x87 registers, and one that leaves the vector registers alone.
struct [[gnu::packed]] X87Image {
    u32 control, status;
    u32 tags; ///< Two bits for each physical register: 3 means that it is empty.
    /// The pointers to the last instruction are the host's, and nobody's business.
    u32 instruction_pointer, code_selector_and_opcode, data_pointer, data_selector;
    std::array<std::array<u8, 10>, 8> st;
};
static_assert(sizeof(X87Image) == 108);

/// @name Between the vCPU's state and an image, but for the pointers to the last instruction
/// They use none but general registers, so that they can run in the middle of translated code.
/// @{
void write_image(const x86::X87State& x87, X87Image& image);
void read_image(const X87Image& image, x86::X87State& x87);
/// @}

} // namespace ringer::engine::translator
