# After many rounds, a SYSRET that brings AC has the program's accesses checked (Intel SDM Vol. 3, 6.15, #AC).

.include "x86/long64/system_calls/repeated.inc"

    mov ebx, 0x20001
    mov ebp, 12
    mov rax, cr0
    or eax, 1 << 18
    mov cr0, rax
    enter_program
program:
    syscall
back:
    mov edx, [rbx]
    dec ebp
    jmp program
kernel:
    cmp ebp, 1
    jne return
    or r11d, AC
return:
    sysretq
given cr0, 0x80000033
expect cr0, 0x80040033
faults 17, back
expect rbx, 0x20001
expect rbp, 1
expect rcx, back
expect r11, AC|2
expect rflags, AC
expect cpl, 3
expect cs, user_code64
expect ss, user_data
