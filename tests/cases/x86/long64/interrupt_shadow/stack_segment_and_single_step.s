# MOV to SS does not trap when it is stepped; the instruction behind it does. LSS, and MOV to another segment register, trap as
# any instruction (Intel SDM Vol. 3, 6.8.3). When INT n is behind it, which clears TF, there is no trap at all.

.include "x86/long64/event_log.inc"

    log_events debug_exception
    catch 0x20, handler
    mov ecx, kernel_data
    step
    mov ss, ecx
    traps debug_exception, BS, mov esp, 0x1e0000
    traps debug_exception, BS, mov ds, ecx
    traps debug_exception, BS, lss esp, [rip + pointer]
    mov ss, ecx
    int 0x20
    stop

given rflags, PF|2
expect rcx, kernel_data
expect rflags, PF
    all_logged
handler:
    iretq
pointer:
    .long 0x1f0000
    .word kernel_data
