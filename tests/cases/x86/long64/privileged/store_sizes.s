# SLDT, STR and SMSW write 16 bits of memory whatever the operand size, and a register of 16, 32 or 64 bits, zero-extended
# (Intel SDM Vol. 2; for SMSW with a wide register the rest of CR0 as well). SGDT and SIDT write 10 bytes in 64-bit mode.

expect rax, 0x5555555555550048
expect rbx, 0x48
expect rcx, 0
expect rdx, 0x5555555555550033
expect rsi, 0x80010033
expect rdi, 0x80010033
expect_memory 0x20000, 8, 0x5555555555550048
expect_memory 0x20008, 8, 0x5555555555550033
expect_memory 0x20010, 8, 0x5555555555550000
expect_memory 0x20020, 16, 0x800000000fff1234, 0x555555555555ffff
expect_memory 0x20030, 16, 0x0000000010000fff, 0x5555555555550000
expect gdtr_base, 0xffff800000000fff

    mov edi, 0x20000
    mov ecx, 8
    mov rax, 0x5555555555555555
    mov rbx, rax
    mov rdx, rax
    mov rsi, rax
    rep stosq
    lgdt [rip + table]
    str [0x20000]
    .byte 0x48
    smsw [0x20008]
    .byte 0x66
    sldt [0x20010]
    .byte 0x66                                  # No effect in 64-bit mode.
    sgdt [0x20020]
    sidt [0x20030]
    str ax
    str ebx
    sldt rcx
    smsw dx
    smsw esi
    smsw rdi
    hlt
table:
    .word 0x1234
    .quad 0xffff800000000fff
