#pragma once

#include "base/types.h"
#include "x86/state.h"

#include <array>

/// Which host register holds what while translated code runs. RSP points to the Context.
namespace ringer::engine::translator {

/// Host registers by their encoding.
using HostRegister = u8;

inline constexpr HostRegister in_memory = 0xff;

/// Where each guest register is: in a host register, or in memory.
using RegisterHomes = std::array<HostRegister, 16>;

/// Between blocks. Guest registers that instructions use implicitly stand for themselves. Four that compilers
/// use least lie in memory, to make room for scratch registers, the count of instructions, and the Context.
inline constexpr RegisterHomes host_register{
    x86::rax, x86::rcx, x86::rdx,  x86::rbx,  /* rsp */ x86::r14, x86::rbp, x86::rsi,  x86::rdi,
    x86::r8,  x86::r9,  in_memory, in_memory, x86::r12,           x86::r13, in_memory, in_memory};

inline constexpr std::array<u8, 4> registers_in_memory{10, 11, 14, 15};

inline constexpr HostRegister context_register = x86::rsp;
/// Those that hold what other code than 64-bit code cannot name: there they are free for something else.
inline constexpr std::array<HostRegister, 4> wide_code_registers{x86::r8, x86::r9, x86::r12, x86::r13};
/// Instructions retired, the whole block under way included.
inline constexpr HostRegister retired_register = x86::r15;
/// Free between any two guest instructions.
/// @{
inline constexpr HostRegister scratch_a = x86::r10, scratch_b = x86::r11;
/// @}

constexpr bool is_pinned(unsigned guest) { return host_register[guest] != in_memory; }

/// For each of registers_in_memory the guest register that it changes places with while a block runs, which
/// then does not name that one.
struct RegisterExchange {
    static constexpr u8 none = 0xff;
    std::array<u8, registers_in_memory.size()> partners{none, none, none, none};

    bool operator==(const RegisterExchange&) const = default;

    /// Calls `act` with both registers of each pair.
    template <class Act>
    void for_each(Act&& act) const {
        for (std::size_t i = 0; i < partners.size(); ++i)
            if (partners[i] != none) act(unsigned{registers_in_memory[i]}, unsigned{partners[i]});
    }
};

} // namespace ringer::engine::translator
