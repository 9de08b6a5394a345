# Bits of strings that lie in several pages, far before and behind the operand and in elements across the end of a page, by
# offsets of 32 and of 64 bits; only the carry flag changes (Intel SDM Vol. 2A, BT).

.set string, 0x21000
given rsi, string-4
given rdi, string+4
given rcx, 4
expect rax, 0xf
expect rbx, 4
expect rcx, 0
expect rdx, -0x7fe1
expect r8, 0x8020
expect rflags, 2|ZF|PF
undefined OF|SF|AF
expect_memory string-4, 8, 0x00000010a5a5a5a5
expect_memory string-0x1004, 4, 0
expect_memory string+0x100c, 4, 0xfffffffe

    mov dword ptr [rsi], 0xa5a5a5a5
    mov dword ptr [string - 0x1004], 0x80000000
    mov dword ptr [string + 0x100c], 0xffffffff
    mov edx, -0x7fe1
    mov r8d, 0x8020
    mov ebp, 33
again:
    xor r9d, r9d                                # ZF
    mov r10, 36
    bts qword ptr [rsi], r10                    # In both pages: bit 4 of the second
    setz bl
    bts dword ptr [rsi], ebp
    btc dword ptr [rsi], ebp
    btr dword ptr [rdi - 8], ebp
    movsxd r9, edx
    btr qword ptr [rsi], r9                     # Of the page before
    setc bh
    btr dword ptr [rdi + 4], r8d                # Of the page behind
    bt qword ptr [rsi], r10
    adc eax, eax
    dec ecx
    jnz again
    movsxd rdx, edx
    movzx ebx, bl
    lea ebx, [ebx * 4]
    mov ebp, 0
    mov r9d, 0
    mov r10d, 0
    hlt
