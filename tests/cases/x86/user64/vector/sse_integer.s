# Packed integers: PADDUSB saturates, PMADDWD, PSHUFB, PUNPCKLBW, PMOVMSKB, PCMPEQB (Intel SDM Vol. 2B).

given ymm0, 0xff01ff01ff01ff01, 0x0102030405060708, 3, 4
given ymm1, 0x0202020202020202, 0x0202020202020202
given ymm2, 0x0001000200030004, 0x0005000600070008
given ymm3, 0x0706050403020100, 0x8080808080808080
expect ymm0, 0xff03ff03ff03ff03, 0x030405060708090a, 3, 4
expect ymm2, 0x0000000500000019, 0x0000003d00000071
expect ymm4, 0xff03ff03ff03ff03, 0
expect rax, 0xff55

    paddusb xmm0, xmm1
    pmaddwd xmm2, xmm2
    movdqa xmm4, xmm0
    pshufb xmm4, xmm3
    movdqa xmm5, xmm4
    pxor xmm6, xmm6
    pcmpeqb xmm5, xmm6
    pmovmskb eax, xmm5
    pxor xmm5, xmm5
    mov al, 0x55
    hlt
