# Stores of every kind into the instruction right behind them: bytes, words, exchanges, locked and vector stores, pushes (Intel
# SDM Vol. 3, 11.6).

given r11, 0x2c
expect rax, 0x2a
expect rcx, 0x2b02
expect rdx, 0x2c
expect r11, 0x77777777
expect rsi, 0x2d
expect rbp, 0x2e
expect r8, 0x2f
expect ymm0, 0x900000002ebd|0x9090<<48, 0x9090909090909090
undefined CF|PF|AF|ZF|SF|OF

    mov byte ptr [rip + first + 1], 0x2a
first:
    mov eax, 1
    mov word ptr [rip + second + 1], 0x2b02
second:
    mov ecx, 0x7777
    xchg [rip + third + 1], r11d
third:
    mov edx, 0x77777777
    lock add dword ptr [rip + fourth + 1], 0x2c
fourth:
    mov esi, 1
    movups xmm0, [rip + wanted]
    movups [rip + fifth], xmm0
fifth:
    .fill 16, 1, 0xcc
    mov rbx, rsp
    lea rsp, [rip + sixth + 8]
    push qword ptr [rip + wanted_too]
sixth:
    .fill 8, 1, 0xcc
    mov rsp, rbx
    xor ebx, ebx
    hlt
wanted_too:
    mov r8d, 0x2f
    nop
    nop
wanted:
    mov ebp, 0x2e
    .fill 11, 1, 0x90
