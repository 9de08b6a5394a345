# More code than any engine keeps in translated form, several times over: what is dropped is made anew, while older code
# still leads to where it was.

given rdi, 0x40000
expect rax, 90000
expect rbx, 0
expect rcx, 0
expect rdx, 0x5d4c0
expect rdi, 0x5d4c0
undefined CF|PF|AF|ZF|SF|OF

    mov rax, 0x90909090c301c083                 # add eax, 1; ret
    mov ecx, 15000
    rep stosq
    xor eax, eax
    mov ebx, 6
again:
    mov edx, 0x40000
each:
    call rdx
    add edx, 8
    cmp edx, edi
    jne each
    dec ebx
    jnz again
    hlt
