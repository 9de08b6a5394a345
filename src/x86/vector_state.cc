#include "x86/state.h"

namespace ringer::x86 {

void visit(state::Archive& archive, X87State& x87) {
    auto& [control, status, valid, opcode, instruction_pointer, data_pointer, code_selector, data_selector,
           st] = x87;
    archive.field(1, "control", control)
        .field(2, "status", status)
        .field(3, "valid", valid)
        .field(4, "opcode", opcode)
        .field(5, "instruction_pointer", instruction_pointer)
        .field(6, "data_pointer", data_pointer)
        .field(7, "st", st)
        .field(8, "code_selector", code_selector)
        .field(9, "data_selector", data_selector);
}

void visit(state::Archive& archive, VectorState& vector) {
    auto& [ymm, mxcsr] = vector;
    archive.field(1, "ymm", ymm).field(2, "mxcsr", mxcsr);
}

} // namespace ringer::x86
