#include "engine/translator/flags.h"

#include "base/assert.h"

namespace ringer::engine::translator {

namespace {

using x86::HostFlags;

template <class T>
void count_trailing_zeros(u64& rflags, T source) {
    if constexpr (sizeof(T) > 1) x86::count_trailing_zeros(rflags, T{0}, source);
}

template <class T>
HostFlags evaluate_as(FlagKind kind, T a, T b) {
    u64 rflags = keeps_carry(kind) ? b & 1 : 0;
    switch (kind) {
    case FlagKind::status: break;
    case FlagKind::subtract: x86::subtract(rflags, a, b); break;
    case FlagKind::subtract_result: x86::subtract(rflags, static_cast<T>(a + b), b); break;
    case FlagKind::add_result: x86::add(rflags, static_cast<T>(a - b), b); break;
    case FlagKind::logic: x86::bitwise_and(rflags, a, a); break;
    case FlagKind::negate_result: x86::negate(rflags, static_cast<T>(0 - a)); break;
    case FlagKind::add_operand: x86::add(rflags, a, static_cast<T>(b - a)); break;
    case FlagKind::subtract_operand: x86::subtract(rflags, a, static_cast<T>(a - b)); break;
    case FlagKind::shift_left: x86::shift_left(rflags, a, static_cast<u8>(b)); break;
    case FlagKind::shift_right: x86::shift_right(rflags, a, static_cast<u8>(b)); break;
    case FlagKind::shift_right_arithmetic: x86::shift_right_arithmetic(rflags, a, static_cast<u8>(b)); break;
    case FlagKind::count_behind_logic:
        x86::bitwise_and(rflags, a, a);
        count_trailing_zeros(rflags, a);
        break;
    case FlagKind::count_behind_subtract:
        x86::subtract(rflags, static_cast<T>(a + b), b);
        count_trailing_zeros(rflags, a);
        break;
    case FlagKind::count_behind_increment:
        x86::increment(rflags, static_cast<T>(a - 1));
        count_trailing_zeros(rflags, a);
        break;
    case FlagKind::increment_result: x86::increment(rflags, static_cast<T>(a - 1)); break;
    case FlagKind::decrement_result: x86::decrement(rflags, static_cast<T>(a + 1)); break;
    case FlagKind::trailing_zeros:
    case FlagKind::leading_zeros: RINGER_ASSERT(!"no record is of them");
    }
    return x86::host_status(rflags);
}

bool is_logic(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_AND:
    case ZYDIS_MNEMONIC_OR:
    case ZYDIS_MNEMONIC_XOR:
    case ZYDIS_MNEMONIC_TEST: return true;
    default: return false;
    }
}

bool is_shift_by_immediate(const x86::Decoded& decoded) {
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_SHL:
    case ZYDIS_MNEMONIC_SHR:
    case ZYDIS_MNEMONIC_SAR: {
        const u64 count = decoded.operands[1].imm.value.u & (decoded.operand_bits(0) == 64 ? 63 : 31);
        return decoded.is_immediate(1) && count != 0 && count < decoded.operand_bits(0);
    }
    default: return false;
    }
}

} // namespace

HostFlags evaluate(const FlagRecord& record) {
    const FlagKind kind = record.kind();
    const u64 a = record.a, b = record.second();
    if (kind == FlagKind::status) return static_cast<HostFlags>(a);
    switch (record.size()) {
    case 1: return evaluate_as(kind, static_cast<u8>(a), static_cast<u8>(b));
    case 2: return evaluate_as(kind, static_cast<u16>(a), static_cast<u16>(b));
    case 4: return evaluate_as(kind, static_cast<u32>(a), static_cast<u32>(b));
    default: return evaluate_as(kind, a, b);
    }
}

FlagUse flag_use(const x86::Decoded& decoded) {
    const ZydisAccessedFlags* const flags = decoded.instruction.cpu_flags;
    if (!flags) return FlagUse::none;
    constexpr auto status = static_cast<u32>(x86::flag::status);
    const u32 set = (flags->modified | flags->set_0 | flags->set_1) & status;
    const u32 written = set | (flags->undefined & status);
    const bool reads = (flags->tested & status) != 0;
    if (written == 0) return reads ? FlagUse::reads : FlagUse::none;
    const bool sets_all =
        set == status || is_logic(decoded.instruction.mnemonic) || is_shift_by_immediate(decoded);
    if (reads) return FlagUse::reads_and_changes;
    return sets_all ? FlagUse::overwrites : FlagUse::changes;
}

} // namespace ringer::engine::translator
