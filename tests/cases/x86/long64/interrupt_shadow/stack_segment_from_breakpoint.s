# A data breakpoint that MOV to SS hits traps behind the next instruction. When that is INT n, the trap finds RIP at the
# handler (Intel SDM Vol. 3, 6.8.3; known from systems that did not expect it, as CVE-2018-8897).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    catch 0x20, handler
    mov ebx, 0x20000
    mov word ptr [rbx], kernel_data
    mov dr0, rbx
    mov eax, 0x00030001
    mov dr7, rax
    mov ss, [rbx]
    traps debug_exception, 1, nop
    traps debug_exception, 1, mov es, [rbx]
    mov ss, [rbx]
    int 0x20
behind:
    logged debug_exception, 1, handler
expect rcx, behind
expect rax, 0x00030001
expect rbx, 0x20000
    all_logged
handler:
    mov rcx, [rsp]
    iretq
