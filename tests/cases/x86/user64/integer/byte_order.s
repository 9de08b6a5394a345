# BSWAP, MOVBE, XLATB, CRC32 (Intel SDM Vol. 2).

given rax, 0x0102030405060708
given rbx, 0x20000
expect rax, 0x0807060504030255
expect rcx, 0x44332211
expect rdx, 0xf26b8303
expect_memory 0x20000, 4, 0x11223344
expect retired, 8

    bswap rax
    mov ecx, 0x11223344
    mov [rbx], ecx
    movbe ecx, [rbx]
    mov byte ptr [rbx + 1], 0x55
    xlatb
    mov byte ptr [rbx + 1], 0x33
    crc32 edx, byte ptr [one]
    hlt
one:
    .byte 1
