#include "engine/translator/copy_plan.h"
#include "engine/translator/guest_block.h"

/// What the rest of a block's translation asks of one of its instructions.
namespace ringer::engine::translator {

bool GuestInstruction::checks_memory() const {
    return (instruction.has_memory && operand.is_checked()) || (stack_access(*this) && stack.is_checked());
}

bool GuestInstruction::may_fault() const {
    return (instruction.has_memory && operand.may_fault()) || (stack_access(*this) && stack.may_fault());
}

namespace {

/// Those that show flags to nobody, unless they fault before they are done.
bool shows_flags_by_faults_alone(const GuestInstruction& instruction) {
    switch (instruction.treatment) {
    case Treatment::copy:
    case Treatment::copy_vector:
    case Treatment::push:
    case Treatment::pop:
    case Treatment::leave: return true;
    case Treatment::call: return instruction.goes_on_at_target;
    default: return false;
    }
}

} // namespace

bool GuestInstruction::shows_flags() const {
    if (treatment == Treatment::nothing || treatment == Treatment::load_address) return false;
    if (goes_on_at_target && treatment == Treatment::jump) return false;
    return !shows_flags_by_faults_alone(*this) || may_fault();
}

bool GuestInstruction::notes_flags() const {
    const bool overwrites = flags == FlagUse::overwrites;
    const bool uses = flags != FlagUse::none && !overwrites;
    // It may capture an operand, and be refused after that.
    const bool captures = overwrites && instruction.has_memory;
    // A loop goes on elsewhere at the end of a page.
    const auto leaves_at_end_of_page = [](const PlannedAccess& access) {
        return access.is_first && !access.is_shadowed;
    };
    return (shows_flags() && !shows_flags_by_faults_alone(*this)) || uses || captures ||
           leaves_at_end_of_page(operand) || leaves_at_end_of_page(stack);
}

bool GuestInstruction::defers_flags() const {
    const auto mnemonic = decoded.instruction.mnemonic;
    return (mnemonic == ZYDIS_MNEMONIC_TZCNT || mnemonic == ZYDIS_MNEMONIC_LZCNT) && is_for_faults &&
           treatment == Treatment::copy && !instruction.has_memory;
}

FlagDemand GuestInstruction::demand() const {
    const bool keeps = flags != FlagUse::overwrites;
    if (treatment != Treatment::interpret && (needs_flags() || (keeps && needed))) return FlagDemand::used;
    return shows_flags() || (keeps && visible) ? FlagDemand::shown : FlagDemand::none;
}

bool GuestInstruction::is_last_to_show_flags() const {
    const bool keeps = flags == FlagUse::none || flags == FlagUse::reads;
    return keeps && !needed && !visible && shows_flags_by_faults_alone(*this);
}

bool GuestInstruction::keeps_carry_alone() const {
    const auto mnemonic = decoded.instruction.mnemonic;
    return (mnemonic == ZYDIS_MNEMONIC_INC || mnemonic == ZYDIS_MNEMONIC_DEC) && visible &&
           treatment == Treatment::copy && decoded.is_register(0) && !is_high_byte(decoded.operands[0]);
}

bool GuestInstruction::stays_in_block() const {
    switch (treatment) {
    case Treatment::nothing:
    case Treatment::copy:
    case Treatment::copy_vector:
    case Treatment::copy_x87:
    case Treatment::copy_mmx:
    case Treatment::load_x87_control:
    case Treatment::load_vector_control:
    case Treatment::load_address:
    case Treatment::push:
    case Treatment::pop:
    case Treatment::leave:
    case Treatment::read_selector:
    case Treatment::string:
    case Treatment::exchange:
    case Treatment::bit_string:
    case Treatment::divide:
    case Treatment::clear_direction_flag:
    case Treatment::read_fault_address:
    case Treatment::read_segment_base:
    case Treatment::read_time_stamp: return true;
    case Treatment::jump:
    case Treatment::call: return goes_on_at_target;
    default: return false;
    }
}

bool GuestInstruction::leaves_block() const {
    if (goes_on_at_target) return false;
    switch (treatment) {
    case Treatment::jump:
    case Treatment::call:
    case Treatment::jump_indirect:
    case Treatment::call_indirect:
    case Treatment::return_near:
    case Treatment::system_call:
    case Treatment::system_return: return true;
    default: return false;
    }
}

bool GuestInstruction::computes_in_x87() const {
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_FNCLEX:
    case ZYDIS_MNEMONIC_FNSTCW:
    case ZYDIS_MNEMONIC_FNSTSW: return false;
    default: return treatment == Treatment::copy_x87;
    }
}

int GuestInstruction::register_of(unsigned index) const {
    if (index >= decoded.instruction.operand_count_visible) return -1;
    return general_register(decoded.operands[index]);
}

unsigned GuestInstruction::low_bytes_kept() const {
    const ZydisDecodedOperand& source = decoded.operands[1];
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_CBW: return 1;
    case ZYDIS_MNEMONIC_CWDE: return 2;
    case ZYDIS_MNEMONIC_CDQE: return 4;
    case ZYDIS_MNEMONIC_MOV:
    case ZYDIS_MNEMONIC_MOVZX:
    case ZYDIS_MNEMONIC_MOVSX:
    case ZYDIS_MNEMONIC_MOVSXD: {
        const bool is_in_itself = register_of(0) >= 0 && register_of(0) == register_of(1);
        return is_in_itself && !is_high_byte(source) ? source.size / 8U : 0;
    }
    default: return 0;
    }
}

} // namespace ringer::engine::translator
