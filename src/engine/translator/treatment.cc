#include "engine/translator/guest_block.h"

#include "engine/translator/copy_plan.h"
#include "x86/cpuid.h"
#include "x86/stub_encoding.h"

/// Which instructions are copied, and how others are treated.
namespace ringer::engine::translator {

namespace {

/// Integer instructions that depend on nothing but their operands and the status flags, and that the host may
/// execute in the guest's place.
bool is_innocuous(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_ADC:
    case ZYDIS_MNEMONIC_ADCX:
    case ZYDIS_MNEMONIC_ADD:
    case ZYDIS_MNEMONIC_ADOX:
    case ZYDIS_MNEMONIC_AND:
    case ZYDIS_MNEMONIC_ANDN:
    case ZYDIS_MNEMONIC_BEXTR:
    case ZYDIS_MNEMONIC_BLSI:
    case ZYDIS_MNEMONIC_BLSMSK:
    case ZYDIS_MNEMONIC_BLSR:
    case ZYDIS_MNEMONIC_BSF:
    case ZYDIS_MNEMONIC_BSR:
    case ZYDIS_MNEMONIC_BSWAP:
    case ZYDIS_MNEMONIC_BT:
    case ZYDIS_MNEMONIC_BTC:
    case ZYDIS_MNEMONIC_BTR:
    case ZYDIS_MNEMONIC_BTS:
    case ZYDIS_MNEMONIC_BZHI:
    case ZYDIS_MNEMONIC_CBW:
    case ZYDIS_MNEMONIC_CDQ:
    case ZYDIS_MNEMONIC_CDQE:
    case ZYDIS_MNEMONIC_CLC:
    case ZYDIS_MNEMONIC_CMC:
    case ZYDIS_MNEMONIC_CMOVB:
    case ZYDIS_MNEMONIC_CMOVBE:
    case ZYDIS_MNEMONIC_CMOVL:
    case ZYDIS_MNEMONIC_CMOVLE:
    case ZYDIS_MNEMONIC_CMOVNB:
    case ZYDIS_MNEMONIC_CMOVNBE:
    case ZYDIS_MNEMONIC_CMOVNL:
    case ZYDIS_MNEMONIC_CMOVNLE:
    case ZYDIS_MNEMONIC_CMOVNO:
    case ZYDIS_MNEMONIC_CMOVNP:
    case ZYDIS_MNEMONIC_CMOVNS:
    case ZYDIS_MNEMONIC_CMOVNZ:
    case ZYDIS_MNEMONIC_CMOVO:
    case ZYDIS_MNEMONIC_CMOVP:
    case ZYDIS_MNEMONIC_CMOVS:
    case ZYDIS_MNEMONIC_CMOVZ:
    case ZYDIS_MNEMONIC_CMP:
    case ZYDIS_MNEMONIC_CMPXCHG:
    case ZYDIS_MNEMONIC_CMPXCHG16B:
    case ZYDIS_MNEMONIC_CMPXCHG8B:
    case ZYDIS_MNEMONIC_CQO:
    case ZYDIS_MNEMONIC_CRC32:
    case ZYDIS_MNEMONIC_CWD:
    case ZYDIS_MNEMONIC_CWDE:
    case ZYDIS_MNEMONIC_DEC:
    case ZYDIS_MNEMONIC_IMUL:
    case ZYDIS_MNEMONIC_INC:
    case ZYDIS_MNEMONIC_LAHF:
    case ZYDIS_MNEMONIC_LZCNT:
    case ZYDIS_MNEMONIC_MOV:
    case ZYDIS_MNEMONIC_MOVBE:
    case ZYDIS_MNEMONIC_MOVNTI:
    case ZYDIS_MNEMONIC_MOVSX:
    case ZYDIS_MNEMONIC_MOVSXD:
    case ZYDIS_MNEMONIC_MOVZX:
    case ZYDIS_MNEMONIC_MUL:
    case ZYDIS_MNEMONIC_MULX:
    case ZYDIS_MNEMONIC_NEG:
    case ZYDIS_MNEMONIC_NOT:
    case ZYDIS_MNEMONIC_OR:
    case ZYDIS_MNEMONIC_PDEP:
    case ZYDIS_MNEMONIC_PEXT:
    case ZYDIS_MNEMONIC_POPCNT:
    case ZYDIS_MNEMONIC_RCL:
    case ZYDIS_MNEMONIC_RCR:
    case ZYDIS_MNEMONIC_ROL:
    case ZYDIS_MNEMONIC_ROR:
    case ZYDIS_MNEMONIC_RORX:
    case ZYDIS_MNEMONIC_SAHF:
    case ZYDIS_MNEMONIC_SAR:
    case ZYDIS_MNEMONIC_SARX:
    case ZYDIS_MNEMONIC_SBB:
    case ZYDIS_MNEMONIC_SETB:
    case ZYDIS_MNEMONIC_SETBE:
    case ZYDIS_MNEMONIC_SETL:
    case ZYDIS_MNEMONIC_SETLE:
    case ZYDIS_MNEMONIC_SETNB:
    case ZYDIS_MNEMONIC_SETNBE:
    case ZYDIS_MNEMONIC_SETNL:
    case ZYDIS_MNEMONIC_SETNLE:
    case ZYDIS_MNEMONIC_SETNO:
    case ZYDIS_MNEMONIC_SETNP:
    case ZYDIS_MNEMONIC_SETNS:
    case ZYDIS_MNEMONIC_SETNZ:
    case ZYDIS_MNEMONIC_SETO:
    case ZYDIS_MNEMONIC_SETP:
    case ZYDIS_MNEMONIC_SETS:
    case ZYDIS_MNEMONIC_SETZ:
    case ZYDIS_MNEMONIC_SHL:
    case ZYDIS_MNEMONIC_SHLD:
    case ZYDIS_MNEMONIC_SHLX:
    case ZYDIS_MNEMONIC_SHR:
    case ZYDIS_MNEMONIC_SHRD:
    case ZYDIS_MNEMONIC_SHRX:
    case ZYDIS_MNEMONIC_STC:
    case ZYDIS_MNEMONIC_SUB:
    case ZYDIS_MNEMONIC_TEST:
    case ZYDIS_MNEMONIC_TZCNT:
    case ZYDIS_MNEMONIC_XADD:
    case ZYDIS_MNEMONIC_XCHG:
    case ZYDIS_MNEMONIC_XOR: return true;
    default: return false;
    }
}

/// Vector instructions that do more to memory, or to the CPU, than their operands tell.
bool is_sensitive_vector(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_MASKMOVDQU:
    case ZYDIS_MNEMONIC_VMASKMOVDQU:
    case ZYDIS_MNEMONIC_VMASKMOVPD:
    case ZYDIS_MNEMONIC_VMASKMOVPS:
    case ZYDIS_MNEMONIC_VPMASKMOVD:
    case ZYDIS_MNEMONIC_VPMASKMOVQ: return true;
    default: return false;
    }
}

bool is_general(const ZydisDecodedOperand& operand) { return general_register(operand) >= 0; }

bool is_vector(const ZydisDecodedOperand& operand) {
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return false;
    const ZydisRegisterClass file = ZydisRegisterGetClass(operand.reg.value);
    return file == ZYDIS_REGCLASS_XMM || file == ZYDIS_REGCLASS_YMM;
}

bool is_mmx(const ZydisDecodedOperand& operand) {
    return operand.type == ZYDIS_OPERAND_TYPE_REGISTER &&
           ZydisRegisterGetClass(operand.reg.value) == ZYDIS_REGCLASS_MMX;
}

bool is_segment(const ZydisDecodedOperand& operand) {
    return operand.type == ZYDIS_OPERAND_TYPE_REGISTER &&
           ZydisRegisterGetClass(operand.reg.value) == ZYDIS_REGCLASS_SEGMENT;
}

template <class Accepts>
bool names(const x86::Decoded& decoded, Accepts&& accepts) {
    for (unsigned i = 0; i < decoded.instruction.operand_count_visible; ++i)
        if (accepts(decoded.operands[i])) return true;
    return false;
}

bool has_plain_memory(const x86::Decoded& decoded) { return decoded.instruction.raw.disp.size != 64; }

/// All explicit operands are of kinds that a copy can have.
template <class Accepts>
bool operands_are(const x86::Decoded& decoded, Accepts&& accepts) {
    for (unsigned i = 0; i < decoded.instruction.operand_count_visible; ++i) {
        const ZydisDecodedOperand& operand = decoded.operands[i];
        if (operand.type == ZYDIS_OPERAND_TYPE_REGISTER && !accepts(operand)) return false;
        if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY && operand.mem.type != ZYDIS_MEMOP_TYPE_MEM)
            return false;
        if (operand.type == ZYDIS_OPERAND_TYPE_POINTER) return false;
    }
    return true;
}

/// A bit string in memory reaches beyond its operand.
bool is_bit_string(const x86::Decoded& decoded) {
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_BT:
    case ZYDIS_MNEMONIC_BTC:
    case ZYDIS_MNEMONIC_BTR:
    case ZYDIS_MNEMONIC_BTS: return decoded.is_memory(0) && decoded.is_register(1);
    default: return false;
    }
}

/// MOVSXD of 16 bits reads as many bytes of memory as the CPU's maker likes, and the host's need not be the
/// guest's.
bool is_narrow_sign_extension(const x86::Decoded& decoded) {
    return decoded.instruction.mnemonic == ZYDIS_MNEMONIC_MOVSXD && decoded.instruction.operand_width == 16;
}

bool can_copy(const x86::Decoded& decoded, const x86::Instruction& instruction) {
    return is_innocuous(decoded.instruction.mnemonic) && has_plain_memory(decoded) &&
           operands_are(decoded, is_general) && !is_narrow_sign_extension(decoded) &&
           plan_copy(decoded, instruction.has_memory);
}

/// Those that name no vector register. Outside of 64-bit mode VZEROALL and VZEROUPPER leave half of the
/// registers alone.
bool is_vector_without_operand(ZydisMnemonic mnemonic, const Condition& condition) {
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_STMXCSR:
    case ZYDIS_MNEMONIC_VSTMXCSR: return true;
    case ZYDIS_MNEMONIC_VZEROALL:
    case ZYDIS_MNEMONIC_VZEROUPPER: return condition.is_long64();
    default: return false;
    }
}

/// LDMXCSR, as long as no exception is unmasked.
bool can_load_vector_control(const x86::Decoded& decoded, const Condition& condition) {
    return condition.exceptions_masked &&
           (decoded.instruction.mnemonic == ZYDIS_MNEMONIC_VLDMXCSR ? condition.avx : condition.sse);
}

bool can_copy_vector(const x86::Decoded& decoded, const x86::Instruction& instruction,
                     const Condition& condition) {
    const ZydisDecodedInstruction& zydis = decoded.instruction;
    const bool is_vex = zydis.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX;
    if (!is_vex && zydis.encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY) return false;
    if (is_vex ? !condition.avx : !condition.sse) return false;
    if (!condition.exceptions_masked && x86::uses_mxcsr(zydis)) return false;
    return (names(decoded, is_vector) || is_vector_without_operand(zydis.mnemonic, condition)) &&
           !is_sensitive_vector(zydis.mnemonic) && has_plain_memory(decoded) &&
           operands_are(decoded,
                        [](const ZydisDecodedOperand& operand) {
                            return is_vector(operand) || is_general(operand);
                        }) &&
           plan_copy(decoded, instruction.has_memory);
}

/// The conversions from MMX registers make the x87 registers those on some CPUs even if they name none.
bool is_of_mmx(const x86::Decoded& decoded) {
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_EMMS:
    case ZYDIS_MNEMONIC_CVTPI2PD:
    case ZYDIS_MNEMONIC_CVTPI2PS: return true;
    default: return names(decoded, is_mmx);
    }
}

bool can_copy_mmx(const x86::Decoded& decoded, const x86::Instruction& instruction,
                  const Condition& condition) {
    const ZydisDecodedInstruction& zydis = decoded.instruction;
    const bool uses_mxcsr = x86::uses_mxcsr(zydis);
    if (!condition.x87 || zydis.opcode_map == ZYDIS_OPCODE_MAP_0F0F) return false;
    if ((uses_mxcsr || names(decoded, is_vector)) && !condition.sse) return false;
    if (uses_mxcsr && !condition.exceptions_masked) return false;
    const bool stores_by_mask = zydis.mnemonic == ZYDIS_MNEMONIC_MASKMOVQ;
    return !stores_by_mask && has_plain_memory(decoded) && plan_copy(decoded, instruction.has_memory);
}

bool is_x87(const ZydisDecodedInstruction& zydis) {
    constexpr u8 first = 0xd8, last = 0xdf, wait = 0x9b;
    return zydis.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY &&
           zydis.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT &&
           ((zydis.opcode >= first && zydis.opcode <= last) || zydis.opcode == wait);
}

/// Those that reset, or move the whole state, are rare and much work in any case.
Treatment treatment_of_x87(const x86::Decoded& decoded, const Condition& condition) {
    if (!condition.x87 || !has_plain_memory(decoded)) return Treatment::interpret;
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_FNINIT:
    case ZYDIS_MNEMONIC_FLDENV:
    case ZYDIS_MNEMONIC_FNSTENV:
    case ZYDIS_MNEMONIC_FNSAVE:
    case ZYDIS_MNEMONIC_FRSTOR: return Treatment::interpret;
    case ZYDIS_MNEMONIC_FWAIT:
    case ZYDIS_MNEMONIC_FENI8087_NOP:
    case ZYDIS_MNEMONIC_FDISI8087_NOP:
    case ZYDIS_MNEMONIC_FSETPM287_NOP: return Treatment::nothing;
    case ZYDIS_MNEMONIC_FLDCW: return Treatment::load_x87_control;
    default: return Treatment::copy_x87;
    }
}

/// Repeated ones are left to the interpreter, but for the two that move much in few pages.
bool can_translate_string(const x86::Decoded& decoded, const x86::Instruction& instruction,
                          const Condition& condition) {
    const StringFamily family = string_family(decoded);
    if (family == StringFamily::none) return false;
    if (condition.is_long64() && !condition.is_flat(instruction.segment)) return false;
    if (instruction.repeat == x86::Repeat::none) return true;
    return (family == StringFamily::store || family == StringFamily::move) && condition.is_long64() &&
           instruction.address_size() == condition.address_size();
}

bool is_hint(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_NOP:
    case ZYDIS_MNEMONIC_ENDBR32:
    case ZYDIS_MNEMONIC_ENDBR64:
    case ZYDIS_MNEMONIC_LFENCE:
    case ZYDIS_MNEMONIC_MFENCE:
    case ZYDIS_MNEMONIC_PREFETCH:
    case ZYDIS_MNEMONIC_PREFETCHNTA:
    case ZYDIS_MNEMONIC_PREFETCHT0:
    case ZYDIS_MNEMONIC_PREFETCHT1:
    case ZYDIS_MNEMONIC_PREFETCHT2:
    case ZYDIS_MNEMONIC_PREFETCHW:
    case ZYDIS_MNEMONIC_SFENCE: return true;
    default: return false;
    }
}

bool is_conditional_jump(const x86::Decoded& decoded) {
    if (decoded.instruction.meta.category != ZYDIS_CATEGORY_COND_BR) return false;
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_JRCXZ:
    case ZYDIS_MNEMONIC_JECXZ:
    case ZYDIS_MNEMONIC_JCXZ:
    case ZYDIS_MNEMONIC_LOOP:
    case ZYDIS_MNEMONIC_LOOPE:
    case ZYDIS_MNEMONIC_LOOPNE: return false;
    default: return true;
    }
}

/// Near branches have targets of 64 bits in 64-bit code. Elsewhere one of 16 bits stays near only in 16-bit
/// code.
bool has_usual_target(const x86::Decoded& decoded) {
    switch (decoded.mode) {
    case x86::CodeMode::long64: return decoded.instruction.operand_width == 64;
    case x86::CodeMode::protected32: return decoded.instruction.operand_width == 32;
    default: return true;
    }
}

Treatment treatment_of_branch(const x86::Decoded& decoded) {
    const ZydisDecodedInstruction& zydis = decoded.instruction;
    if (!has_usual_target(decoded) || zydis.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR)
        return Treatment::interpret;
    const bool is_relative = decoded.is_immediate(0);
    switch (zydis.mnemonic) {
    case ZYDIS_MNEMONIC_JMP: return is_relative ? Treatment::jump : Treatment::jump_indirect;
    case ZYDIS_MNEMONIC_CALL: return is_relative ? Treatment::call : Treatment::call_indirect;
    case ZYDIS_MNEMONIC_RET: return Treatment::return_near;
    case ZYDIS_MNEMONIC_JRCXZ:
    case ZYDIS_MNEMONIC_JECXZ:
    case ZYDIS_MNEMONIC_JCXZ: return Treatment::jump_if_rcx_zero;
    default: return is_conditional_jump(decoded) ? Treatment::jump_if : Treatment::interpret;
    }
}

/// In which PUSHF depends on IOPL.
bool is_virtual8086(const Condition& condition) {
    return condition.mode == x86::CodeMode::real16 && condition.view == static_cast<u8>(x86::TlbView::user);
}

/// XCHG of a pinned register with memory, where it locks without a prefix.
bool can_exchange_by_moves(const x86::Decoded& decoded) {
    if (!decoded.is_memory(0) || !has_plain_memory(decoded) || is_high_byte(decoded.operands[1]))
        return false;
    return is_pinned(static_cast<unsigned>(general_register(decoded.operands[1])));
}

bool can_translate_bit_string(const x86::Decoded& decoded, const x86::Instruction& instruction,
                              const Condition& condition) {
    return has_plain_memory(decoded) && decoded.operand_bits(0) >= 32 &&
           condition.is_flat(instruction.segment) && instruction.address_size() == condition.address_size() &&
           is_pinned(static_cast<unsigned>(general_register(decoded.operands[1])));
}

} // namespace

Treatment treatment_of(const x86::Decoded& decoded, const x86::Instruction& instruction,
                       const Condition& condition) {
    if (x86::is_undefined(instruction)) return Treatment::interpret;
    const ZydisDecodedInstruction& zydis = decoded.instruction;
    if (zydis.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE) return treatment_of_branch(decoded);
    const bool is_register = is_general(decoded.operands[0]);
    switch (zydis.mnemonic) {
    case ZYDIS_MNEMONIC_LEA: return Treatment::load_address;
    case ZYDIS_MNEMONIC_PUSH:
        return is_register || decoded.is_immediate(0) || decoded.is_memory(0) ? Treatment::push
                                                                              : Treatment::interpret;
    case ZYDIS_MNEMONIC_PUSHF:
    case ZYDIS_MNEMONIC_PUSHFD:
    case ZYDIS_MNEMONIC_PUSHFQ:
        return is_virtual8086(condition) ? Treatment::interpret : Treatment::push_flags;
    case ZYDIS_MNEMONIC_DIV:
    case ZYDIS_MNEMONIC_IDIV: return decoded.operand_bits(0) >= 32 ? Treatment::divide : Treatment::interpret;
    case ZYDIS_MNEMONIC_LDMXCSR:
    case ZYDIS_MNEMONIC_VLDMXCSR:
        return can_load_vector_control(decoded, condition) ? Treatment::load_vector_control
                                                           : Treatment::interpret;
    case ZYDIS_MNEMONIC_MOV:
        if (is_general(decoded.operands[0]) && is_segment(decoded.operands[1]))
            return Treatment::read_selector;
        if (decoded.operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER &&
            decoded.operands[1].reg.value == ZYDIS_REGISTER_CR2)
            return condition.is_long64() ? Treatment::read_fault_address : Treatment::interpret;
        break;
    case ZYDIS_MNEMONIC_CLD: return Treatment::clear_direction_flag;
    case ZYDIS_MNEMONIC_RDTSC:
    case ZYDIS_MNEMONIC_RDTSCP: return Treatment::read_time_stamp;
    case ZYDIS_MNEMONIC_SYSCALL: return Treatment::system_call;
    case ZYDIS_MNEMONIC_SYSRET: return Treatment::system_return;
    case ZYDIS_MNEMONIC_CLI: return Treatment::clear_interrupt_flag;
    case ZYDIS_MNEMONIC_STI: return Treatment::set_interrupt_flag;
    case ZYDIS_MNEMONIC_SWAPGS: return Treatment::swap_gs;
    case ZYDIS_MNEMONIC_RDFSBASE:
    case ZYDIS_MNEMONIC_RDGSBASE: return Treatment::read_segment_base;
    case ZYDIS_MNEMONIC_WRFSBASE:
    case ZYDIS_MNEMONIC_WRGSBASE: return Treatment::write_segment_base;
    case ZYDIS_MNEMONIC_STAC: return Treatment::open_user_pages;
    case ZYDIS_MNEMONIC_CLAC: return Treatment::close_user_pages;
    case ZYDIS_MNEMONIC_POP:
        // The lower half of a stack pointer that has moved is rarely replaced.
        return is_register && decoded.operands[0].reg.value != ZYDIS_REGISTER_SP ? Treatment::pop
                                                                                 : Treatment::interpret;
    case ZYDIS_MNEMONIC_LEAVE: return Treatment::leave;
    case ZYDIS_MNEMONIC_XCHG:
        if (can_exchange_by_moves(decoded)) return Treatment::exchange;
        break;
    default: break;
    }
    if (is_bit_string(decoded))
        return can_translate_bit_string(decoded, instruction, condition) ? Treatment::bit_string
                                                                         : Treatment::interpret;
    if (can_translate_string(decoded, instruction, condition)) return Treatment::string;
    const bool is_pause = zydis.mnemonic == ZYDIS_MNEMONIC_PAUSE && !zydis.raw.rex.B; // Else it is XCHG.
    if (is_pause || is_hint(zydis.mnemonic)) return Treatment::nothing;
    if (is_x87(zydis)) return treatment_of_x87(decoded, condition);
    if (is_of_mmx(decoded))
        return can_copy_mmx(decoded, instruction, condition) ? Treatment::copy_mmx : Treatment::interpret;
    if (can_copy(decoded, instruction)) return Treatment::copy;
    return can_copy_vector(decoded, instruction, condition) ? Treatment::copy_vector : Treatment::interpret;
}

StringFamily string_family(const x86::Decoded& decoded) {
    if (decoded.instruction.meta.category != ZYDIS_CATEGORY_STRINGOP) return StringFamily::none;
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_LODSB:
    case ZYDIS_MNEMONIC_LODSW:
    case ZYDIS_MNEMONIC_LODSD:
    case ZYDIS_MNEMONIC_LODSQ: return StringFamily::load;
    case ZYDIS_MNEMONIC_STOSB:
    case ZYDIS_MNEMONIC_STOSW:
    case ZYDIS_MNEMONIC_STOSD:
    case ZYDIS_MNEMONIC_STOSQ: return StringFamily::store;
    case ZYDIS_MNEMONIC_MOVSB:
    case ZYDIS_MNEMONIC_MOVSW:
    case ZYDIS_MNEMONIC_MOVSD:
    case ZYDIS_MNEMONIC_MOVSQ: return StringFamily::move;
    case ZYDIS_MNEMONIC_SCASB:
    case ZYDIS_MNEMONIC_SCASW:
    case ZYDIS_MNEMONIC_SCASD:
    case ZYDIS_MNEMONIC_SCASQ: return StringFamily::scan;
    case ZYDIS_MNEMONIC_CMPSB:
    case ZYDIS_MNEMONIC_CMPSW:
    case ZYDIS_MNEMONIC_CMPSD:
    case ZYDIS_MNEMONIC_CMPSQ: return StringFamily::compare;
    default: return StringFamily::none;
    }
}

bool GuestInstruction::uses_vectors() const {
    return names(decoded, is_vector) || x86::uses_mxcsr(decoded.instruction);
}

} // namespace ringer::engine::translator
