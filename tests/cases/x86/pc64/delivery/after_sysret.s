# A SYSRET that brings IF lets an interrupt in that is pending, before the first instruction of the program; also when many
# before it have found none (Intel SDM Vol. 2B, SYSRET; Vol. 3, 6.8.1).

.include "x86/long64/system_calls/repeated.inc"

expect rbx, back
expect rsi, user_code64
expect r8, IF|2
expect rbp, 1
expect rcx, back
expect r11, IF|2
expect rsp, 0x7000-40
expect ss, 0

    gate 0x41, handler
    enter_x2apic
    mov ebp, 12
    enter_program
program:
    syscall
back:
    dec ebp
    jmp program
kernel:
    cmp ebp, 1
    jne return
    mov r8, rcx
    self_ipi 0x41
    mov rcx, r8
    or r11d, IF
return:
    sysretq
handler:
    mov rbx, [rsp]
    mov rsi, [rsp + 8]
    mov r8, [rsp + 16]
    finish
