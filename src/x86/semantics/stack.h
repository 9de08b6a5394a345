#pragma once

#include "base/bits.h"
#include "x86/access.h"
#include "x86/segmentation.h"

namespace ringer::x86 {

/// `value` wrapped to the stack pointer's size.
inline u64 wrap_stack_pointer(const Cpu& cpu, u64 value) {
    return cpu.long64() ? value : value & byte_mask(stack_size(cpu));
}

/// Sets as much of RSP as the stack pointer has.
inline void set_stack_pointer(Cpu& cpu, u64 value) {
    if (cpu.long64())
        cpu.gpr(rsp) = value;
    else if (stack_size(cpu) == 4)
        cpu.set<u32>(gpr_offset(rsp), static_cast<u32>(value));
    else
        cpu.set<u16>(gpr_offset(rsp), static_cast<u16>(value));
}

/// PUSH of sizeof(T) bytes. RSP moves only once the store has succeeded.
template <std::unsigned_integral T>
[[gnu::always_inline]] inline Guest<void> push(Cpu& cpu, T value) {
    const u64 top = wrap_stack_pointer(cpu, cpu.gpr(rsp) - sizeof(T));
    const u64 linear = TRY(linear_address(cpu, ss, top, sizeof(T), Access::write));
    TRY(store<T>(cpu, linear, value, ss));
    set_stack_pointer(cpu, top);
    return {};
}

/// The faults that push() would raise.
template <std::unsigned_integral T>
Guest<void> check_push(Cpu& cpu) {
    const u64 top = wrap_stack_pointer(cpu, cpu.gpr(rsp) - sizeof(T));
    const u64 linear = TRY(linear_address(cpu, ss, top, sizeof(T), Access::write));
    return check_writable(cpu, linear, sizeof(T), ss);
}

/// What a POP of sizeof(T) bytes, `depth` bytes below the top, would give. RSP stays.
template <std::unsigned_integral T>
[[gnu::always_inline]] inline Guest<T> peek(Cpu& cpu, u64 depth = 0) {
    const u64 offset = wrap_stack_pointer(cpu, cpu.gpr(rsp) + depth);
    const u64 linear = TRY(linear_address(cpu, ss, offset, sizeof(T), Access::read));
    return load<T>(cpu, linear, ss);
}

/// Moves RSP up over `bytes`.
inline void discard(Cpu& cpu, u64 bytes) { set_stack_pointer(cpu, cpu.gpr(rsp) + bytes); }

} // namespace ringer::x86
