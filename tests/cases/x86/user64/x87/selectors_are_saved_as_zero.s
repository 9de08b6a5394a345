# Intel's CPUs have deprecated the selectors of the x87's pointers: each is saved as zero, even where another was loaded
# (Intel SDM Vol. 1, 8.1.8).

maker intel
expect rax, 0
expect rbx, 0
expect rcx, 0
expect rdx, 0
expect rbp, 0x20000
expect rsi, 0x11223344
expect rdi, 0x55667788

    fldenv [rip + environment]
    mov ebp, 0x20000
    fnstenv [rbp]
    movzx eax, word ptr [rbp + 16]              # FCS
    movzx ebx, word ptr [rbp + 24]              # FDS
    mov esi, [rbp + 12]
    mov edi, [rbp + 20]
    fldenv [rip + environment]
    fxsave [rbp]
    movzx ecx, word ptr [rbp + 12]
    movzx edx, word ptr [rbp + 20]
    hlt
    .balign 16
environment:
    .long 0x037f, 0, 0xffff, 0x11223344, 0x12345678, 0x55667788, 0x9abc
