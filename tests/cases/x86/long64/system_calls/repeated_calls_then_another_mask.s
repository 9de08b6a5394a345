# After many rounds, FMASK is written, and no longer clears AC: a program that has set it lets the system access its pages.

.include "x86/long64/system_calls/repeated.inc"

    mov ebp, 12
    mov ebx, 0x20000
    enter_program
program:
    syscall
back:
    dec ebp
    jmp program
kernel:
    test ebp, ebp
    jz end
    cmp ebp, 1
    jne return
    mov r8, rcx
    mov ecx, 0xc0000084
    mov eax, ZF|IF
    xor edx, edx
    wrmsr
    mov rcx, r8
    or r11d, AC
return:
    sysretq
end:
    or edx, [rbx]
    hlt
expect fmask, ZF|IF
expect rax, ZF|IF
expect rcx, back
expect rbx, 0x20000
expect rbp, 0
expect r8, back
expect r11, AC|ZF|PF|2             # Of DEC.
expect rflags, AC|ZF|PF
