# REP STOS and MOVS that come exactly to the end of a page, one element beyond it, or begin there; of no element; with the
# F2 prefix; and a move of bytes onto their neighbours, which repeats the first (Intel SDM Vol. 2B, REP).

given rax, 0x1111111111111111
expect rax, 0x1111111111111111
expect rcx, 0
expect rsi, 0x22007
expect rdi, 0x22008
undefined PF|AF|ZF|SF|OF
expect_memory 0x20ff0, 16, 0x1111111111111111, 0x1111111111111111
expect_memory 0x21000, 16, 0, 0x1111111111111111
expect_memory 0x21ff8, 16, 0x1111111111111111, 0x1111111111111111
expect_memory 0x22000, 8, 0x1111111111111111

    mov edi, 0x20ff0
    mov ecx, 2
    rep stosq                                   # To the end.
    xor ecx, ecx
    rep stosq                                   # Nothing.
    mov edi, 0x21008
    mov esi, 0x20ff0
    mov ecx, 8
    rep movsb                                   # From the end of one page.
    mov esi, 0x20ffe
    mov edi, 0x21ffe
    mov ecx, 2
    rep movsb                                   # To the end of both.
    mov edi, 0x21ff8
    mov byte ptr [rdi], 0x11
    lea esi, [rdi]
    inc edi
    mov ecx, 15
    .byte 0xf2                                  # Each byte from the one before, across the end.
    movsb
    hlt
