# VMASKMOVPS does not touch what its mask leaves out, not even an absent page; VGATHERQPD clears its mask.

given ymm0, 0x8000000000000000, 0x0000000080000000
given ymm2, 0, 2, 1, 3
given ymm3, -1, 0, -1, -1
given rbx, unmapped-16
expect ymm1, 0x4444444400000000, 0x66666666
expect ymm4, 0x3333333333333333, 0, 0x4444444455555555, 0x7777777766666666
expect ymm3, 0, 0, 0, 0
expect ymm5, 0, 0, 0, 0

    mov rax, 0x3333333333333333
    mov [0x20000], rax
    mov rax, 0x4444444455555555
    mov [0x20008], rax
    mov [rbx], rax
    mov rax, 0x7777777766666666
    mov [rbx + 8], rax
    mov [0x20018], rax
    vmaskmovps ymm1, ymm0, [rbx]        # two of four in the page, none of four beyond it
    mov eax, 0x20000
    vgatherqpd ymm4, [rax + ymm2 * 8], ymm3
    hlt

expect rax, 0x20000
