# NEG sets CF unless its operand is 0, NOT touches no flag, AND, OR, XOR and TEST clear CF and OF (Intel SDM Vol. 2).

given rax, 1
given rbx, 0x8000000000000000
given rcx, 0xff00ff00ff00ff00
expect rax, 0xffffffffffffffff
expect rbx, 0x8000000000000000
expect rcx, 0x0000000000ff00ff
expect rdx, 0xf0
expect rsi, 1
expect rdi, 1
expect rflags, SF|PF
undefined AF
expect retired, 11

    neg rax
    setc sil
    neg rbx
    seto dil
    not ecx
    mov edx, 0xff
    and edx, 0xf0
    or edx, 0
    xor r8, r8
    test r8, r8
    test rax, rax
    hlt
