# PUSHA stores eight words and PUSHAD eight doublewords through a 16-bit stack, which wraps; the stack pointer
# stored is the one from before, and POPA and POPAD skip it (Intel SDM Vol. 2B, PUSHA, POPA).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rsp, 0x55550008
given rbx, 0xbbbb0002
expect ss, kernel_data16
expect rax, kernel_data16
expect rbx, 0xbbbb0002
expect rsi, 0x5555ffe8
expect rdi, 0x5555fff8
expect rsp, 0x55550008
expect_memory 0xfffe, 2, 8              # SP
expect_memory 0, 2, 2                   # BX
expect_memory 0xffec, 4, 0x5555ffe8     # ESI
expect_memory 0x9000, 4, 0x55550008     # ESP

    mov eax, kernel_data16
    mov ss, eax
    mov esi, 0x5555ffe8
    pushad
    cmp sp, si
    jne wrong
    mov edi, [0xfff4]
    mov [0x9000], edi
    mov dword ptr [0xfff4], 0x1234      # POPAD does not load it.
    popad
    mov edi, 0x5555fff8
    pushaw
    cmp sp, di
    jne wrong
    popaw
wrong:
    hlt

expect rflags, ZF|PF
