# MOV of a selector to a register: to one of 32 or 64 bits with zeros above, to one of 16 bits with nothing else (Intel
# SDM Vol. 2, MOV).

given rax, -1
given rbx, -1
given rcx, 6
given r10, -1
given r11, -1
given r14, -1
expect rax, 0x10
expect rbx, -0x10000+0x10
expect rcx, 0
expect r10, 0x08
expect r11, -0x10000+0x08
expect r14, 0x10
undefined CF|PF|AF|ZF|SF|OF

again:
    mov rax, ds
    mov bx, ss
    mov r10d, cs
    mov r11w, cs
    mov r14, es
    dec ecx
    jnz again
    hlt
