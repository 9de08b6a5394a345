# With CR4.DE set, R/W 10 makes a breakpoint of I/O ports: IN, OUT, INS and OUTS trap behind the access when they share a port
# with it, memory at the same address does not (Intel SDM Vol. 3, 17.2.4).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov rax, cr4
    or eax, 8
    mov cr4, rax
    mov edx, 0x402
    mov dr0, rdx
    mov eax, 0x00060001                 # 2 ports.
    mov dr7, rax
    mov cl, [rdx]
    mov dl, 1
    out dx, al
    traps debug_exception, 1, out dx, ax
    traps debug_exception, 1, out dx, eax
    mov dl, 3
    traps debug_exception, 1, in al, dx
    mov esi, 0x20000
    traps debug_exception, 1, outsw
    mov edi, 0x20000
    traps debug_exception, 1, insb
    mov dl, 4
    in al, dx

given rcx, 0
expect rax, 0x000600ff
expect rdx, 0x404
expect rsi, 0x20002
expect rdi, 0x20001
expect cr4, 0x40628
expect rflags, PF
    all_logged
