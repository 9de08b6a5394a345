# INIT sent to the boot processor starts it at its reset vector, F000:FFF0 with CS base FFFF0000H; CR0.CD and NW stay
# as they were, EDX tells the processor's signature (Intel SDM Vol. 3, 10.1.1 and table 10-1). All ones lie there,
# which raise #UD by way of the real-mode vector table.

expect cs, 0x1000               # The handler's.
.irp segment, ds, es, fs, gs, ss
expect \segment, 0
.endr
.irp register, rsi, rdi, rbp
expect \register, 0
.endr
expect cr0, 0x10
expect cr4, 0
expect efer, 0
expect idtr_base, 0
expect idtr_limit, 0xffff
expect rflags, 2
expect rsp, 0
expect rax, 2                   # FLAGS, IP and CS as #UD has pushed them.
expect rbx, 0xfff0
expect rcx, 0xf000
expect rdx, 1                   # It was the signature.

    mov dword ptr [invalid_opcode * 4], 0x10000000
    add dword ptr [invalid_opcode * 4], offset handler - case_start
    mov eax, 1
    cpuid
    mov [results], eax
    mov esi, eax
    mov ebp, eax
    send_ipi 0, deliver_init
    hlt
    .code16
handler:
    cmp edx, [results]
    sete dl
    movzx edx, dl
    pop bx
    pop cx
    pop ax
    hlt
