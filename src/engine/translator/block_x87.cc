#include "engine/translator/block_translator.h"
#include "x86/stub_encoding.h"
#include "x86/x87_state.h"

/// x87 and MMX instructions, which share one register file.
namespace ringer::engine::translator {

void BlockTranslator::require_x87() {
    if (!x87_ready_) require_live(context_.x87_live, runtime_.load_x87);
    x87_ready_ = true;
}

/// On AMD's CPUs the address of the operand is noted afterwards, when its slow path is no longer to see it
/// and scratch registers are free again; no such instruction writes a register that it addresses with. On
/// Intel's only unmasked exceptions have it noted, of which copied instructions raise none.
void BlockTranslator::copy_x87() {
    require_x87();
    copy();
    if (!current().computes_in_x87()) return;
    x87_pointers_.last = &current();
    if (!current().instruction.has_memory || !is_amd_) return;
    x87_pointers_.last_with_memory = &current();
    load_offset(0);
    if (has_linear_x87_pointers()) {
        a_.mov(gp64(scratch_b),
               emitter_.at(context_.cpu->state.segments[current().instruction.segment].base));
        a_.lea(gp64(scratch_a), host::ptr(gp64(scratch_a), gp64(scratch_b)));
    }
    a_.mov(emitter_.at(context_.cpu->state.x87.data_pointer), gp64(scratch_a));
}

bool BlockTranslator::has_linear_x87_pointers() const { return condition_.mode == x86::CodeMode::real16; }

void BlockTranslator::copy_mmx() {
    if (current().uses_vectors()) require_vectors();
    require_x87();
    copy();
}

/// What unmasks an exception changes the Condition. The operand is read once, as devices may write it.
void BlockTranslator::load_x87_control() {
    require_x87();
    before_check(); // Also for the test below.
    const HostMemory memory = check_operand();
    a_.movzx(gp32(scratch_a), memory_operand(memory, 2));
    a_.mov(gp32(scratch_b), gp32(scratch_a));
    a_.not_(gp32(scratch_b));
    a_.test(gp32(scratch_b), x86::x87_status::exceptions);
    interpret_if(host::CondCode::kNZ);
    a_.mov(emitter_.at(context_.x87_control), gp(scratch_a, 2));
    a_.fldcw(emitter_.at(context_.x87_control));
}

void BlockTranslator::store_x87_selector(x86::SegmentRegister segment, const u16& into) {
    a_.movzx(gp32(scratch_a), emitter_.at(context_.cpu->state.segments[segment].selector));
    a_.mov(emitter_.at(into), gp(scratch_a, 2));
}

void BlockTranslator::store_x87_pointers(const X87Pointers& pointers) {
    if (!pointers.last) return;
    const x86::X87State& x87 = context_.cpu->state.x87;
    const i32 offset = pointers.last->offset;
    has_linear_x87_pointers() ? load_linear_in_page(offset) : load_rip(offset);
    a_.mov(emitter_.at(x87.instruction_pointer), gp64(scratch_a));
    if (!is_amd_) return; // Only exceptions show the rest, and the interpreter raises them.
    a_.mov(emitter_.at(x87.opcode), pointers.last->instruction.selector);
    store_x87_selector(x86::cs, x87.code_selector);
    if (pointers.last_with_memory)
        store_x87_selector(pointers.last_with_memory->instruction.segment, x87.data_selector);
}

} // namespace ringer::engine::translator
