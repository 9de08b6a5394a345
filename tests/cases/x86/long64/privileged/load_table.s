# LGDT and LIDT take 10 bytes in 64-bit mode with any operand size; a base that is not canonical raises #GP(0) and loads
# nothing, nor does an operand whose last byte is missing (Intel SDM Vol. 2A, LGDT/LIDT).

.include "x86/long64/privileged/attempts.inc"

expect gdtr_base, 0x600
expect gdtr_limit, 0x9ff
expect idtr_base, interrupt_table
expect idtr_limit, 0xffe

    catch_exceptions
    mov rcx, 0x0000800000000000
    mov [0x20002], rcx
    attempt protection, lgdt [0x20000]
    attempt protection, lidt [0x20000]
    not rcx                                     # The last below the upper half
    mov [0x20002], rcx
    attempt protection, lgdt [0x20000]
    attempt page_fault, lgdt [unmapped - 9]
    mov word ptr [0x20000], 0xffe
    mov qword ptr [0x20002], interrupt_table
    .byte 0x66
    lidt [0x20000]
    mov rcx, 0xffff800000000000
    mov [0x20002], rcx
    mov word ptr [0x20000], 0x1234
    attempt no_exception, lgdt [0x20000]
    sgdt [0x20010]
    mov rax, [0x20012]
    must_equal rax, 0xffff800000000000
    mov ax, [0x20010]
    must_equal ax, 0x1234
    lgdt [attempts_gdtr]
    finish
