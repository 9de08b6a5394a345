# With DR7.GD set every MOV to or from a debug register faults before it with BD; GD is clear in the handler, and on its own
# does nothing else (Intel SDM Vol. 3, 17.2.3 and 17.2.4). RF is pushed as for any fault.

.include "x86/long64/event_log.inc"

.set GD, 1 << 13

    log_events debug_exception
    .irp number, 0, 3, 6, 7
    mov eax, GD
    mov dr7, rax
    raises debug_exception, BD, mov dr\number, rdx
    mov eax, GD
    mov dr7, rax
    raises debug_exception, BD, mov rdx, dr\number
    .endr
    expect_memory event_log+24, 8, RF|2
    mov eax, GD
    mov dr7, rax
    mov rbx, cr0                        # Not a debug register.
    int3
behind:
    hlt

given rdx, 0x77
faults breakpoint, behind
expect rax, GD
expect rbx, 0x80010033

