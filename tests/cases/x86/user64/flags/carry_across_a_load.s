# A borrow outlives moves and a load, and is used by an instruction whose own flags nobody looks at (Intel SDM Vol. 1,
# 3.4.3.1).

given rcx, 0
given rdx, 7
given r8, 0x48
expect rcx, 7
expect rdx, 9
expect r8, 0x48
expect r9, 0
expect rsi, table
expect rip, end
expect rflags, ZF|PF

    lea rsi, [rip + table]
    cmp ecx, 1
    mov ecx, edx
    mov edx, [rsi + rdx]
    sbb r8b, 0xff
    xor r9d, r9d
end:
    hlt
table:
    .byte 0, 0, 0, 5, 0, 0, 0, 9, 0, 0, 0
