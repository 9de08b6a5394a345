#include "x86/semantics/x87_environment.h"

#include "x86/access.h"
#include "x86/x87_state.h"

#include <cstring>

namespace ringer::x86 {

namespace {

/// The tag of a register that is not empty, as FNSTENV computes it (Intel SDM Vol. 1, 8.1.7).
unsigned tag_of(const std::array<u8, 16>& value) {
    enum : unsigned { valid, zero, special };
    u64 significand;
    u16 exponent;
    std::memcpy(&significand, value.data(), 8);
    std::memcpy(&exponent, value.data() + 8, 2);
    exponent &= 0x7fff;
    if (exponent == 0 && significand == 0) return zero;
    return exponent == 0 || exponent == 0x7fff || !(significand >> 63) ? special : valid;
}

u16 full_tags(const X87State& x87) {
    constexpr unsigned empty = 3;
    unsigned tags = 0;
    for (unsigned physical = 0; physical < 8; ++physical) {
        const bool is_valid = x87.valid & (1 << physical);
        tags |= (is_valid ? tag_of(x87.st[(physical - x87.top()) & 7]) : empty) << (2 * physical);
    }
    return static_cast<u16>(tags);
}

u8 valid_registers(u16 tags) {
    unsigned valid = 0;
    for (unsigned physical = 0; physical < 8; ++physical)
        valid |= static_cast<unsigned>(((tags >> (2 * physical)) & 3) != 3) << physical;
    return static_cast<u8>(valid);
}

/// The seven fields of an environment (Intel SDM Vol. 1, figures 8-9 to 8-12): 16 or 32 bits each, and in
/// real-address and virtual-8086 mode with linear addresses in place of selectors and offsets.
template <class Field>
using Environment = std::array<Field, 7>;

/// The bits of a 32-bit field that nothing uses are stored as ones.
template <class Field>
constexpr Field padded(u16 value) {
    return static_cast<Field>(sizeof(Field) == 4 ? 0xffff'0000 | value : value);
}

template <class Field>
Environment<Field> save_environment(const Cpu& cpu) {
    const X87State x87 = with_saved_selectors(cpu, cpu.state.x87);
    const u64 ip = x87.instruction_pointer, dp = x87.data_pointer;
    Environment<Field> fields{padded<Field>(x87.control), padded<Field>(x87.status),
                              padded<Field>(full_tags(x87))};
    if (cpu.protected_mode()) {
        fields[3] = static_cast<Field>(ip);
        fields[4] = sizeof(Field) == 4 ? static_cast<Field>(u32{x87.opcode} << 16 | x87.code_selector)
                                       : static_cast<Field>(x87.code_selector);
        fields[5] = static_cast<Field>(dp);
        fields[6] = padded<Field>(x87.data_selector);
        return fields;
    }
    fields[3] = padded<Field>(static_cast<u16>(ip));
    fields[4] = static_cast<Field>(((ip >> 16) & 0xffff) << 12 | x87.opcode);
    fields[5] = padded<Field>(static_cast<u16>(dp));
    fields[6] = static_cast<Field>(((dp >> 16) & 0xffff) << 12);
    return fields;
}

template <class Field>
void load_pointers(bool protected_mode, const Environment<Field>& fields, X87State& x87) {
    if (protected_mode) {
        x87.instruction_pointer = fields[3];
        x87.data_pointer = fields[5];
        x87.code_selector = static_cast<u16>(fields[4]);
        x87.data_selector = static_cast<u16>(fields[6]);
        x87.opcode = sizeof(Field) == 4 ? (fields[4] >> 16) & 0x7ff : 0;
        return;
    }
    x87.instruction_pointer = (fields[3] & 0xffff) | ((u64{fields[4]} >> 12) & 0xffff) << 16;
    x87.data_pointer = (fields[5] & 0xffff) | ((u64{fields[6]} >> 12) & 0xffff) << 16;
    x87.opcode = fields[4] & 0x7ff;
    x87.code_selector = x87.data_selector = 0;
}

/// The physical registers stay where they are.
template <class Field>
X87State load_environment(const Cpu& cpu, const Environment<Field>& fields) {
    X87State x87 = cpu.state.x87;
    set_x87_top(x87, (fields[1] >> 11) & 7);
    x87.status = static_cast<u16>(fields[1]);
    x87.valid = valid_registers(static_cast<u16>(fields[2]));
    load_pointers(cpu.protected_mode(), fields, x87);
    set_x87_control(x87, static_cast<u16>(fields[0]));
    return x87;
}

template <class Field>
Outcome fnstenv(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    const Environment<Field> fields = save_environment<Field>(cpu);
    const u64 linear = TRY(block_address(
        cpu, instruction, {sizeof(fields), 1, sizeof(Field), sizeof(fields) - 1}, Access::write));
    TRY(store_bytes(cpu, linear, reinterpret_cast<const u8*>(&fields), sizeof(fields), instruction.segment));
    X87State& x87 = cpu.state.x87;
    set_x87_control(x87, x87.control | x87_status::exceptions);
    return Flow::next;
}

template <class Field>
Outcome fldenv(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    TRY(check_x87_pending(cpu));
    Environment<Field> fields;
    const u64 linear = TRY(block_address(
        cpu, instruction, {sizeof(fields), 1, sizeof(Field), sizeof(fields) - 1}, Access::read));
    TRY(load_bytes(cpu, linear, reinterpret_cast<u8*>(&fields), sizeof(fields), instruction.segment));
    cpu.state.x87 = load_environment(cpu, fields);
    return Flow::next;
}

/// An environment and the eight registers, ST(0) first.
template <class Field>
struct [[gnu::packed]] SavedState {
    Environment<Field> environment;
    std::array<std::array<u8, 10>, 8> st;
};

template <class Field>
Outcome fnsave(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    SavedState<Field> saved{.environment = save_environment<Field>(cpu), .st = {}};
    for (unsigned i = 0; i < saved.st.size(); ++i)
        std::memcpy(saved.st[i].data(), cpu.state.x87.st[i].data(), 10);
    const u64 linear = TRY(
        block_address(cpu, instruction, {sizeof(saved), 1, sizeof(Field), sizeof(saved) - 1}, Access::write));
    TRY(store_bytes(cpu, linear, reinterpret_cast<const u8*>(&saved), sizeof(saved), instruction.segment));
    initialize_x87(cpu.state.x87);
    return Flow::next;
}

template <class Field>
Outcome frstor(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    TRY(check_x87_pending(cpu));
    SavedState<Field> saved;
    const u64 linear = TRY(
        block_address(cpu, instruction, {sizeof(saved), 1, sizeof(Field), sizeof(saved) - 1}, Access::read));
    TRY(load_bytes(cpu, linear, reinterpret_cast<u8*>(&saved), sizeof(saved), instruction.segment));
    const Environment<Field> environment = saved.environment;
    X87State x87 = load_environment(cpu, environment);
    for (unsigned i = 0; i < saved.st.size(); ++i) std::memcpy(x87.st[i].data(), saved.st[i].data(), 10);
    cpu.state.x87 = x87;
    return Flow::next;
}

Outcome fldcw(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    TRY(check_x87_pending(cpu));
    set_x87_control(cpu.state.x87, TRY(load_operand<u16>(cpu, instruction)));
    return Flow::next;
}

Outcome fnstcw(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    TRY(store_operand<u16>(cpu, instruction, cpu.state.x87.control));
    return Flow::next;
}

Outcome fnstsw_memory(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    TRY(store_operand<u16>(cpu, instruction, cpu.state.x87.status));
    return Flow::next;
}

Outcome fnstsw_ax(Cpu& cpu, const Instruction&) {
    TRY(check_x87_available(cpu));
    cpu.set<u16>(gpr_offset(rax), cpu.state.x87.status);
    return Flow::next;
}

Outcome fninit(Cpu& cpu, const Instruction&) {
    TRY(check_x87_available(cpu));
    initialize_x87(cpu.state.x87);
    return Flow::next;
}

/// Clears the exception flags, stack fault, summary and busy.
Outcome fnclex(Cpu& cpu, const Instruction&) {
    TRY(check_x87_available(cpu));
    cpu.state.x87.status &= 0x7f00;
    return Flow::next;
}

/// FENI, FDISI and FSETPM: without effect since the 387.
Outcome ignored(Cpu& cpu, const Instruction&) {
    TRY(check_x87_available(cpu));
    return Flow::next;
}

Outcome fwait(Cpu& cpu, const Instruction&) {
    constexpr u64 both = cr0::mp | cr0::ts;
    if ((cpu.state.cr0 & both) == both) return raise(cpu, Vector::device_not_available);
    TRY(check_x87_pending(cpu));
    return Flow::next;
}

template <Handler handler>
Handler select(const Decoded&, Instruction&) {
    return handler;
}

template <Handler narrow, Handler wide>
Handler select_by_format(const Decoded& decoded, Instruction&) {
    return decoded.instruction.operand_width == 16 ? narrow : wide;
}

} // namespace

void add_x87_control(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_FNSTENV, &select_by_format<&fnstenv<u16>, &fnstenv<u32>>);
    table.add(ZYDIS_MNEMONIC_FLDENV, &select_by_format<&fldenv<u16>, &fldenv<u32>>);
    table.add(ZYDIS_MNEMONIC_FNSAVE, &select_by_format<&fnsave<u16>, &fnsave<u32>>);
    table.add(ZYDIS_MNEMONIC_FRSTOR, &select_by_format<&frstor<u16>, &frstor<u32>>);
    table.add(ZYDIS_MNEMONIC_FLDCW, &select<&fldcw>);
    table.add(ZYDIS_MNEMONIC_FNSTCW, &select<&fnstcw>);
    table.add(ZYDIS_MNEMONIC_FNSTSW, [](const Decoded& decoded, Instruction&) -> Handler {
        return decoded.is_memory(0) ? &fnstsw_memory : &fnstsw_ax;
    });
    table.add(ZYDIS_MNEMONIC_FNINIT, &select<&fninit>);
    table.add(ZYDIS_MNEMONIC_FNCLEX, &select<&fnclex>);
    table.add(ZYDIS_MNEMONIC_FWAIT, &select<&fwait>);
    table.add(ZYDIS_MNEMONIC_FENI8087_NOP, &select<&ignored>);
    table.add(ZYDIS_MNEMONIC_FDISI8087_NOP, &select<&ignored>);
    table.add(ZYDIS_MNEMONIC_FSETPM287_NOP, &select<&ignored>);
}

} // namespace ringer::x86
