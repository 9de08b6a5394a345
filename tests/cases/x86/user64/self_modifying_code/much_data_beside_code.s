# A loop that writes to the page it lies in, some hundred times, reads back what it wrote, and is changed by itself in the
# end (Intel SDM Vol. 3, 11.6).

expect rax, 599*600/2
expect rcx, 0
expect rdx, 7
expect rsi, 599
expect rdi, counter
undefined CF|PF|AF|ZF|SF|OF

    lea rdi, [rip + counter]
    xor eax, eax
    xor esi, esi
    mov ecx, 600
again:
    mov [rdi], esi
    mov edx, [rdi]
    add eax, edx
    inc esi
    dec ecx
    jnz again
    dec esi
    mov byte ptr [rip + changed + 1], 7
changed:
    mov edx, 1
    hlt
    .balign 8
counter:
    .quad 0
