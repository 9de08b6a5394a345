# Relative branches with a 16-bit operand compute IP modulo 64 Ki, forward over FFFF and back over 0 (Intel SDM Vol.
# 2A, JMP, Jcc, CALL: EIP AND 0000FFFFH).

expect cs, 0x2000
expect rip, 0xf1
expect rsp, 0x6ffe
expect_memory 0x6ffe, 2, 0xfff3
expect retired, 11

    mov ax, 0x2000
    mov ds, ax
    mov word ptr [0x10], 0xdd75         # 0010: jnz FFEF, over the beginning
    mov word ptr [0xffef], 0xe890       # FFEF: nop
    mov word ptr [0xfff1], 0x00fe       # FFF0: call 00F1, over the end
    mov byte ptr [0xf1], 0xf4
    test ax, ax
    jmp 0x2000:0x10

expect rax, 0x2000
expect ds, 0x2000
expect rflags, PF
