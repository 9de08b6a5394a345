# Ln and Gn each enable breakpoint n; LE and GE (bits 8 and 9) change nothing on current processors (Intel SDM Vol. 3, 17.2.4).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov ebx, 0x20000
    mov dr2, rbx
    .irp enable, 0x10, 0x20, 0x30, 0x320
    mov eax, 0x03000000 | \enable
    mov dr7, rax
    traps debug_exception, 4, mov ecx, [rbx]
    .endr
    mov eax, 0x033303cf                 # All but DR2, which alone has this address.
    mov dr7, rax
    mov ecx, [rbx]

expect rax, 0x033303cf
expect rbx, 0x20000
    all_logged
