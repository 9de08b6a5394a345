# INC and DEC keep the carry flag (Intel SDM Vol. 2A), also where a jump that was not taken, or a TEST, tells what it is.

given r8, 0x20000
given rax, 5
given rbx, 7
expect rax, 5
expect rbx, 7
expect rcx, 8
expect rsi, 0b01101010
undefined CF|OF|SF|AF|ZF|PF

.macro note                                     # CF, behind what may fault.
    mov rdi, [r8]
    setc dl
    movzx edx, dl
    lea esi, [rsi * 2]
    lea esi, [rsi + rdx]
.endm

    xor esi, esi
    mov ecx, 1
    cmp rbx, rax
    jb wrong
    inc ecx
    note                                        # 0
    cmp rax, rbx
    jae wrong
    inc ecx
    note                                        # 1
    inc ecx
    mov rdi, [r8]
    inc ecx                                     # Of what was kept before.
    note                                        # 1
    cmp rbx, rax
    jbe wrong
    dec ecx
    inc ecx
    note                                        # 0
    cmp rax, rbx
    jae wrong
    inc ecx
    jmp next                                    # Into another block.
wrong:
    hlt
    .balign 64
next:
    inc ecx
    note                                        # 1
    test ecx, ecx
    js wrong
    inc ecx
    note                                        # 0
    cmp rax, rbx
    jae wrong
    mov rdi, [r8]                               # Leaves nothing in the host's flags.
    inc ecx
    adc esi, esi                                # 1
    clc
    dec ecx
    adc esi, esi                                # 0
    hlt
