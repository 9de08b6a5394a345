# One trap tells both that TF was set and which data breakpoints were hit. BS stays in DR6 until software clears it: the
# processor only ever replaces B0 to B3 (Intel SDM Vol. 3, 17.2.3).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov ebx, 0x20000
    mov dr2, rbx
    mov eax, 0x03000020
    mov dr7, rax
    step
    traps debug_exception, BS|4, mov ecx, [rbx]
    stop
    catch debug_exception, leave_it
    step
    nop
    mov ecx, [rbx]

expect rax, 0x03000020
expect rbx, 0x20000
expect dr6, 0xffff4ff4
    all_logged
leave_it:
    and byte ptr [rsp + 17], ~(TF >> 8)
    iretq
