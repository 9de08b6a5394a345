# A loop that writes the immediate of an addition of its own is the new code from the next instruction on (Intel SDM Vol. 3,
# 11.6; every CPU since the P6 family sees the store at once).

given rcx, 9
expect rax, 1+2+3+4+5+6+7+8+9
expect rcx, 0
expect rdx, 1
undefined CF|PF|AF|ZF|SF|OF

round:
    mov [rip + addition + 2], cl
    mov edx, ecx
addition:
    add eax, 0x55
    dec ecx
    jnz round
    hlt
