#pragma once

#include "engine/translator/condition.h"
#include "x86/decode.h"

namespace ringer::engine::translator {

/// How an instruction is translated.
enum class Treatment : u8 {
    interpret,           ///< By a call of the interpreter's function.
    nothing,             ///< It does nothing: NOP and hints.
    copy,                ///< With other registers and another memory operand.
    copy_vector,         ///< The same, with the guest's vector registers in the host's.
    copy_x87,            ///< The same with its x87 registers.
    copy_mmx,            ///< The same, for instructions that may use vector registers as well.
    load_x87_control,    ///< FLDCW.
    load_vector_control, ///< LDMXCSR.
    load_address,        ///< LEA.
    push,                ///< PUSH, but for segment registers.
    pop,                 ///< POP to a register.
    leave,
    jump, ///< Relative.
    jump_if,
    jump_if_rcx_zero, ///< JRCXZ, JECXZ and JCXZ.
    call,             ///< Relative.
    jump_indirect,
    call_indirect,
    return_near,
    exchange,      ///< XCHG with memory.
    bit_string,    ///< BT, BTS, BTR and BTC of a register's bit in memory.
    divide,        ///< DIV and IDIV of 32 and 64 bits.
    read_selector, ///< MOV from a segment register to a general one.
    clear_interrupt_flag,
    set_interrupt_flag,
    clear_direction_flag,
    read_fault_address, ///< MOV from CR2.
    swap_gs,
    read_segment_base,  ///< RDFSBASE and RDGSBASE.
    write_segment_base, ///< WRFSBASE and WRGSBASE.
    open_user_pages,    ///< STAC.
    close_user_pages,   ///< CLAC.
    push_flags,         ///< PUSHF.
    read_time_stamp,    ///< RDTSC and RDTSCP.
    system_call,        ///< SYSCALL.
    system_return,      ///< SYSRET.
    string,             ///< Without a repeat prefix, or REP MOVS and STOS.
};

/// What a string instruction does, if it is one that is translated.
enum class StringFamily : u8 { none, load, store, move, scan, compare };
StringFamily string_family(const x86::Decoded& decoded);

Treatment treatment_of(const x86::Decoded& decoded, const x86::Instruction& instruction,
                       const Condition& condition);

} // namespace ringer::engine::translator
