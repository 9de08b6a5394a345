# SS.B alone decides whether the stack pointer is SP or ESP, not the code segment or the operand size: 32-bit code
# on a 16-bit stack pushes doublewords through SP, and the upper half of ESP stays (Intel SDM Vol. 3, 3.4.5 and 6.2
# of Vol. 1).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rsp, 0xabcd0004
expect ss, kernel_data16
expect rax, kernel_data16
expect rbx, 0xabcd0000
expect rcx, 0xabcdfffc
expect rdx, 0x2222
expect rsi, 0xabcdfffa
expect rsp, 0xabcd0004
expect_memory 0, 4, 0x11111111

    mov eax, kernel_data16
    mov ss, eax
    push 0x11111111
    mov ebx, esp
    push 0x33332222
    mov ecx, esp
    push ax
    mov esi, esp
    pop ax
    pop edx
    movzx edx, dx
    pop edi
    hlt

expect rdi, 0x11111111
