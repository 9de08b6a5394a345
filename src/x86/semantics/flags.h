#pragma once

#include "base/types.h"
#include "x86/state.h"

#include <concepts>

/// Arithmetic with flags, by the host's own instruction: result, flags, and also what the manual leaves
/// undefined are the silicon's. Each function takes RFLAGS and updates its status bits as the instruction of
/// the same name does.
///
/// LAHF and SETO carry the six status flags out, ADD and SAHF carry them in; PUSHF and POPF are ten times
/// slower.
///
/// The functions are objects, so that one template argument stands for all widths of an operation.
namespace ringer::x86 {

/// AH as LAHF fills it, and AL as SETO does.
using HostFlags = u16;

inline void set_status(u64& rflags, HostFlags host) {
    rflags =
        (rflags & ~flag::status) | ((host >> 8) & (flag::status & 0xff)) | static_cast<u64>(host & 1) << 11;
}

inline HostFlags host_status(u64 rflags) {
    return static_cast<HostFlags>((rflags & 0xff) << 8 | ((rflags >> 11) & 1));
}

#define RINGER_FLAGS_OUT "\n\tlahf\n\tseto %%al"
#define RINGER_FLAGS_IN "addb $0x7f, %%al\n\tsahf\n\t"

/// result = destination OP source, flags set from nothing but these.
#define RINGER_BINARY(function, mnemonic)                                                                    \
    struct function##_operation {                                                                            \
        template <std::unsigned_integral T>                                                                  \
        T operator()(u64& rflags, T destination, T source) const {                                           \
            HostFlags host;                                                                                  \
            asm(mnemonic " %[source], %[destination]" RINGER_FLAGS_OUT                                       \
                : [destination] "+r"(destination), "=&a"(host)                                               \
                : [source] "r"(source)                                                                       \
                : "cc");                                                                                     \
            set_status(rflags, host);                                                                        \
            return destination;                                                                              \
        }                                                                                                    \
    };                                                                                                       \
    inline constexpr function##_operation function {}

RINGER_BINARY(add, "add");
RINGER_BINARY(subtract, "sub");
RINGER_BINARY(bitwise_and, "and");
RINGER_BINARY(bitwise_or, "or");
RINGER_BINARY(bitwise_xor, "xor");
#undef RINGER_BINARY

/// The same with the carry flag as a third operand.
#define RINGER_WITH_CARRY(function, mnemonic)                                                                \
    struct function##_operation {                                                                            \
        template <std::unsigned_integral T>                                                                  \
        T operator()(u64& rflags, T destination, T source) const {                                           \
            HostFlags host;                                                                                  \
            asm("bt $0, %[flags]\n\t" mnemonic " %[source], %[destination]" RINGER_FLAGS_OUT                 \
                : [destination] "+r"(destination), "=&a"(host)                                               \
                : [source] "r"(source), [flags] "r"(rflags)                                                  \
                : "cc");                                                                                     \
            set_status(rflags, host);                                                                        \
            return destination;                                                                              \
        }                                                                                                    \
    };                                                                                                       \
    inline constexpr function##_operation function {}

RINGER_WITH_CARRY(add_with_carry, "adc");
RINGER_WITH_CARRY(subtract_with_borrow, "sbb");
#undef RINGER_WITH_CARRY

/// One operand; all flags go in, so that those which the instruction keeps are kept.
#define RINGER_UNARY(function, mnemonic)                                                                     \
    struct function##_operation {                                                                            \
        template <std::unsigned_integral T>                                                                  \
        T operator()(u64& rflags, T operand) const {                                                         \
            HostFlags host = host_status(rflags);                                                            \
            asm(RINGER_FLAGS_IN mnemonic " %[operand]" RINGER_FLAGS_OUT                                      \
                : [operand] "+r"(operand), "+&a"(host)                                                       \
                :                                                                                            \
                : "cc");                                                                                     \
            set_status(rflags, host);                                                                        \
            return operand;                                                                                  \
        }                                                                                                    \
    };                                                                                                       \
    inline constexpr function##_operation function {}

RINGER_UNARY(increment, "inc");
RINGER_UNARY(decrement, "dec");
RINGER_UNARY(negate, "neg");
#undef RINGER_UNARY

/// Shifts and rotates by a count in CL; with all flags going in, a count of zero keeps them.
#define RINGER_SHIFT(function, mnemonic)                                                                     \
    struct function##_operation {                                                                            \
        template <std::unsigned_integral T>                                                                  \
        T operator()(u64& rflags, T operand, u8 count) const {                                               \
            HostFlags host = host_status(rflags);                                                            \
            asm(RINGER_FLAGS_IN mnemonic " %%cl, %[operand]" RINGER_FLAGS_OUT                                \
                : [operand] "+r"(operand), "+&a"(host)                                                       \
                : "c"(count)                                                                                 \
                : "cc");                                                                                     \
            set_status(rflags, host);                                                                        \
            return operand;                                                                                  \
        }                                                                                                    \
    };                                                                                                       \
    inline constexpr function##_operation function {}

RINGER_SHIFT(rotate_left, "rol");
RINGER_SHIFT(rotate_right, "ror");
RINGER_SHIFT(rotate_left_through_carry, "rcl");
RINGER_SHIFT(rotate_right_through_carry, "rcr");
RINGER_SHIFT(shift_left, "shl");
RINGER_SHIFT(shift_right, "shr");
RINGER_SHIFT(shift_right_arithmetic, "sar");
#undef RINGER_SHIFT

/// SHLD and SHRD. 16, 32 or 64 bits.
#define RINGER_DOUBLE_SHIFT(function, mnemonic)                                                              \
    struct function##_operation {                                                                            \
        template <std::unsigned_integral T>                                                                  \
        T operator()(u64& rflags, T operand, T filler, u8 count) const {                                     \
            HostFlags host = host_status(rflags);                                                            \
            asm(RINGER_FLAGS_IN mnemonic " %%cl, %[filler], %[operand]" RINGER_FLAGS_OUT                     \
                : [operand] "+r"(operand), "+&a"(host)                                                       \
                : [filler] "r"(filler), "c"(count)                                                           \
                : "cc");                                                                                     \
            set_status(rflags, host);                                                                        \
            return operand;                                                                                  \
        }                                                                                                    \
    };                                                                                                       \
    inline constexpr function##_operation function {}

RINGER_DOUBLE_SHIFT(double_shift_left, "shld");
RINGER_DOUBLE_SHIFT(double_shift_right, "shrd");
#undef RINGER_DOUBLE_SHIFT

/// A destination that depends on a source alone, or on source and destination (BSF keeps it when the source
/// is zero), with all flags going in. 16, 32 or 64 bits, or as the instruction has it.
#define RINGER_SCAN(function, mnemonic)                                                                      \
    struct function##_operation {                                                                            \
        template <std::unsigned_integral T>                                                                  \
        T operator()(u64& rflags, T destination, T source) const {                                           \
            HostFlags host = host_status(rflags);                                                            \
            asm(RINGER_FLAGS_IN mnemonic " %[source], %[destination]" RINGER_FLAGS_OUT                       \
                : [destination] "+&r"(destination), "+&a"(host)                                              \
                : [source] "r"(source)                                                                       \
                : "cc");                                                                                     \
            set_status(rflags, host);                                                                        \
            return destination;                                                                              \
        }                                                                                                    \
    };                                                                                                       \
    inline constexpr function##_operation function {}

RINGER_SCAN(bit_scan_forward, "bsf");
RINGER_SCAN(bit_scan_reverse, "bsr");
RINGER_SCAN(count_trailing_zeros, "tzcnt");
RINGER_SCAN(count_leading_zeros, "lzcnt");
RINGER_SCAN(count_ones, "popcnt");
RINGER_SCAN(multiply_truncated, "imul");
RINGER_SCAN(lowest_set_bit, "blsi");
RINGER_SCAN(mask_up_to_lowest_set_bit, "blsmsk");
RINGER_SCAN(reset_lowest_set_bit, "blsr");
RINGER_SCAN(bit_test, "bt");
RINGER_SCAN(bit_test_and_set, "bts");
RINGER_SCAN(bit_test_and_reset, "btr");
RINGER_SCAN(bit_test_and_complement, "btc");
#undef RINGER_SCAN

/// Three operands: destination = OP(first, second). 32 or 64 bits. In the order of Intel's syntax.
#define RINGER_TERNARY(function, mnemonic, operands)                                                         \
    struct function##_operation {                                                                            \
        template <std::unsigned_integral T>                                                                  \
        T operator()(u64& rflags, T first, T second) const {                                                 \
            HostFlags host = host_status(rflags);                                                            \
            T destination;                                                                                   \
            asm(RINGER_FLAGS_IN mnemonic " " operands ", %[destination]" RINGER_FLAGS_OUT                    \
                : [destination] "=&r"(destination), "+&a"(host)                                              \
                : [first] "r"(first), [second] "r"(second)                                                   \
                : "cc");                                                                                     \
            set_status(rflags, host);                                                                        \
            return destination;                                                                              \
        }                                                                                                    \
    };                                                                                                       \
    inline constexpr function##_operation function {}

RINGER_TERNARY(and_not, "andn", "%[second], %[first]");
RINGER_TERNARY(bit_field_extract, "bextr", "%[second], %[first]");
RINGER_TERNARY(zero_high_bits, "bzhi", "%[second], %[first]");
#undef RINGER_TERNARY

/// MUL and IMUL with one operand: accumulator * source, in two halves.
template <std::unsigned_integral T>
struct Wide {
    T low, high;
};

#define RINGER_MULTIPLY(function, mnemonic)                                                                  \
    struct function##_operation {                                                                            \
        template <std::unsigned_integral T>                                                                  \
        Wide<T> operator()(u64& rflags, T accumulator, T source) const {                                     \
            HostFlags host = host_status(rflags);                                                            \
            Wide<T> product{accumulator, 0};                                                                 \
            if constexpr (sizeof(T) == 1) {                                                                  \
                u16 flags_in_ax = host, ax = accumulator;                                                    \
                asm(RINGER_FLAGS_IN "movl %k[ax], %%eax\n\t" mnemonic                                        \
                                    "b %b[source]\n\tmovl %%eax, %k[ax]" RINGER_FLAGS_OUT                    \
                    : [ax] "+&r"(ax), "+&a"(flags_in_ax)                                                     \
                    : [source] "r"(source)                                                                   \
                    : "cc");                                                                                 \
                host = flags_in_ax;                                                                          \
                product = {static_cast<T>(ax), static_cast<T>(ax >> 8)};                                     \
            } else {                                                                                         \
                u64 rax_ = host, low = accumulator;                                                          \
                T high;                                                                                      \
                asm(RINGER_FLAGS_IN "movq %[low], %%rax\n\t" mnemonic                                        \
                                    " %[source]\n\tmovq %%rax, %[low]" RINGER_FLAGS_OUT                      \
                    : [low] "+&r"(low), "=&d"(high), "+&a"(rax_)                                             \
                    : [source] "r"(source)                                                                   \
                    : "cc");                                                                                 \
                host = static_cast<HostFlags>(rax_);                                                         \
                product = {static_cast<T>(low), high};                                                       \
            }                                                                                                \
            set_status(rflags, host);                                                                        \
            return product;                                                                                  \
        }                                                                                                    \
    };                                                                                                       \
    inline constexpr function##_operation function {}

RINGER_MULTIPLY(multiply_unsigned, "mul");
RINGER_MULTIPLY(multiply_signed, "imul");
#undef RINGER_MULTIPLY

/// DIV and IDIV: high:low / divisor. The quotient must fit. The flags are undefined, and change on some
/// silicon.
template <std::unsigned_integral T>
struct Division {
    T quotient, remainder;
};

#define RINGER_DIVIDE(function, mnemonic)                                                                    \
    struct function##_operation {                                                                            \
        template <std::unsigned_integral T>                                                                  \
        Division<T> operator()(u64& rflags, T high, T low, T divisor) const {                                \
            u64 rax_ = host_status(rflags);                                                                  \
            if constexpr (sizeof(T) == 1) {                                                                  \
                u64 wide = static_cast<u64>(high) << 8 | low;                                                \
                asm(RINGER_FLAGS_IN "movq %[wide], %%rax\n\t" mnemonic                                       \
                                    "b %b[divisor]\n\tmovq %%rax, %[wide]" RINGER_FLAGS_OUT                  \
                    : [wide] "+&r"(wide), "+&a"(rax_)                                                        \
                    : [divisor] "r"(divisor)                                                                 \
                    : "cc");                                                                                 \
                set_status(rflags, static_cast<HostFlags>(rax_));                                            \
                return {static_cast<T>(wide), static_cast<T>(wide >> 8)};                                    \
            } else {                                                                                         \
                u64 wide = low;                                                                              \
                asm(RINGER_FLAGS_IN "movq %[wide], %%rax\n\t" mnemonic                                       \
                                    " %[divisor]\n\tmovq %%rax, %[wide]" RINGER_FLAGS_OUT                    \
                    : [wide] "+&r"(wide), "+&d"(high), "+&a"(rax_)                                           \
                    : [divisor] "r"(divisor)                                                                 \
                    : "cc");                                                                                 \
                set_status(rflags, static_cast<HostFlags>(rax_));                                            \
                return {static_cast<T>(wide), high};                                                         \
            }                                                                                                \
        }                                                                                                    \
    };                                                                                                       \
    inline constexpr function##_operation function {}

RINGER_DIVIDE(host_divide_unsigned, "div");
RINGER_DIVIDE(host_divide_signed, "idiv");
#undef RINGER_DIVIDE

/// The sixteen conditions of Jcc, SETcc and CMOVcc by the low bits of their opcode (Intel SDM Vol. 1,
/// appendix B).
template <unsigned code>
inline bool condition(u64 rflags) {
    constexpr unsigned kind = code >> 1;
    const bool zero = rflags & flag::zf;
    const bool less = bool(rflags & flag::sf) != bool(rflags & flag::of);
    bool result = false;
    if constexpr (kind == 0)
        result = rflags & flag::of;
    else if constexpr (kind == 1)
        result = rflags & flag::cf;
    else if constexpr (kind == 2)
        result = zero;
    else if constexpr (kind == 3)
        result = rflags & (flag::cf | flag::zf);
    else if constexpr (kind == 4)
        result = rflags & flag::sf;
    else if constexpr (kind == 5)
        result = rflags & flag::pf;
    else if constexpr (kind == 6)
        result = less;
    else
        result = zero || less;
    return result != bool(code & 1);
}

} // namespace ringer::x86
