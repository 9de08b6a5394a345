# In real mode many pairs of segment and offset name the same byte: code is changed through one of them while it runs by
# another, also after a far jump to a third (Intel SDM Vol. 3, 20.1.1 and 11.6).

given rcx, 4
expect rcx, 0
expect rax, 3
expect rbx, 0+1+2+3
expect es, 0x700
expect cs, 0x7c0
expect rip, end-0x7c00
expect rflags, ZF|PF
undefined AF

    mov ax, 0x700
    mov es, ax
    jmp 0x7c0:again - 0x7c00
again:
    mov ax, 0
    add bx, ax
    inc byte ptr es:[again + 1 - 0x7000]
    dec cx
    jnz again
end:
    hlt
