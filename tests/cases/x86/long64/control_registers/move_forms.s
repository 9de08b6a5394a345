# MOV to and from control and debug registers moves 64 bits in 64-bit mode with any prefixes, between registers whatever
# ModRM.mod says, and CR2 holds any value (Intel SDM Vol. 2B, MOV—Move to/from Control Registers and Debug Registers).

expect rax, 0x8000000012345678
expect cr2, 0x8000000012345678
expect rcx, 0x80010033
expect rdx, 0x8000000012345678
expect r8, 0x8000000012345678
expect rbx, 0x80010033
expect rsi, 0x7fff00000000
expect rdi, 0x7fff00000000

    mov rax, 0x8000000012345678
    mov cr2, rax
    mov rcx, -1
    .byte 0x66, 0x0f, 0x20, 0xc1                # mov rcx, cr0
    mov rbx, -1
    .byte 0x0f, 0x20, 0x03                      # mov rbx, cr0 with mod 0
    .byte 0xf3, 0x0f, 0x20, 0x92                # mov rdx, cr2 with mod 2 and no displacement
    .byte 0x49, 0x0f, 0x20, 0x50                # mov r8, cr2 with mod 1 and REX.W
    mov rsi, 0x7fff00000000
    mov dr1, rsi
    .byte 0x66, 0x0f, 0x21, 0x0f                # mov rdi, dr1 with mod 0
    hlt
