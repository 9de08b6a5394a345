# AH, BH, CH and DH with an operand in memory: they cannot be named beside a register that takes a REX prefix, such as an
# engine may want for the address (Intel SDM Vol. 2A, 2.2.1.2).

.set page, 0x20000
given rax, 0x1122334455667788
given rbx, 0x8877665544332211
given rcx, 0x0102030405060708
given rdx, 0x1111111111111111
given rsi, 0x2222222222222222
given rdi, page
expect rax, 0x1122334455665a88
expect rbx, 0x8877665544330411
expect rcx, 0x0102030405067c08
expect rdx, 0x1111111111111112
expect rsi, 0x2222222222222222
expect rdi, page
expect_memory page, 8, 0x5a047c0004337f5a
expect rbp, 1
expect rflags, CF|PF|AF|SF

    mov qword ptr [rdi], 0x7f5a
    mov ah, [rdi]                       # 5a
    mov [rdi + 7], ah
    mov [rdi + 2], bh                   # 22
    add byte ptr [rdi + 2], 0x11        # 33
    stc
    adc ch, [rdi + 1]                   # 07 + 7f + 1: 87, SF and OF
    seto bpl
    movzx ebp, bpl
    sub ch, 0x0b                        # 7c
    mov [rdi + 5], ch
    mov bh, 4
    mov [rdi + 6], bh
    mov byte ptr [rdi + 3], 0
    or [rdi + rbp*2 + 1], bh
    add dl, 1
    cmp dh, [rdi]
    hlt
