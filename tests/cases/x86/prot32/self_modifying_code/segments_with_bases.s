# Code segment and data segment begin at different places: a store through DS at another offset, to the same linear address,
# changes the code (Intel SDM Vol. 3, 11.6: the check is of the physical address).

given ds_base, 0x8000
expect ds_base, 0x8000
given rcx, 4
expect rcx, 0
expect rax, 3
expect rbx, 0+1+2+3
expect rflags, ZF|PF
undefined AF

again:
    mov eax, 0
    add ebx, eax
    inc byte ptr [again + 1 - 0x8000]
    dec ecx
    jnz again
    hlt
