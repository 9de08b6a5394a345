# LGDT and LIDT in compatibility mode load 32-bit bases and clear the upper halves; SGDT stores six bytes (Intel SDM
# Vol. 2, LGDT/LIDT, SGDT).

expect cs, kernel_code32
expect gdtr_base, 0x600
expect gdtr_limit, 0x57
expect idtr_base, 0x12345678
expect idtr_limit, 0xffff
expect_memory 0x8010, 8, 0xaaaa000006000057

    mov rax, 0x12345678ffff
    mov [0x8000], rax
    mov rax, -1
    mov [0x8006], rax
    mov dword ptr [0x8014], 0xaaaaaaaa
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    mov eax, 0
    sgdt [0x8010]
    lgdt [0x8010]
    lidt [0x8000]
    hlt
