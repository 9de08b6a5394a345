#include "engine/translator/condition.h"

#include "base/bits.h"
#include "memory/address_space.h"
#include "x86/access.h"

#include <algorithm>

namespace ringer::engine::translator {

bool Condition::reaches_page(u64 linear) const {
    if (is_long64()) return x86::is_canonical(linear);
    const bool is_32_bit = mode == x86::CodeMode::protected32;
    // A near branch of 16-bit code has a target of 16 bits.
    const u32 last = is_32_bit ? code_limit : std::min(code_limit, u32{0xffff});
    const auto begin = static_cast<u32>(align_down(linear, memory::page_size) - code_base);
    return begin <= last && last - begin >= memory::page_size - 1;
}

} // namespace ringer::engine::translator
