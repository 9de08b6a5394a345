# More code than any engine keeps in decoded or translated form: what it has dropped is gone for good, and no jump that led
# there leads anywhere else. Each jump is taken, and goes to the next one, so that each begins a block.

given rdi, 0x40000
expect rax, 0x72
expect rcx, 0
expect rdx, 0x40000
expect rbx, 1
expect rdi, 0x484d0
undefined CF|PF|AF|ZF|SF|OF

    mov eax, 0x72                               # jc to the next instruction
    mov ecx, 17000
    rep stosw
    mov byte ptr [rdi], 0xc3
    mov edx, 0x40000
    stc
    call rdx
    inc ebx
    hlt
