# Far pointers in memory are 16:16 with a 16-bit operand and 16:32 with a 32-bit one, in code of either size (Intel
# SDM Vol. 2, LDS/LES, JMP, CALL).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect cs, code16
expect es, kernel_data16
expect fs, kernel_data
expect gs, user_data
expect rax, 0x1111
expect rbx, 0x33332222
expect rcx, 0x4444
expect rdx, 0x66665555
expect rsp, 0x1f0000
expect rip, end-code_origin
expect_memory 0x1efff8, 8, (kernel_code32<<32)+back

    put_code16
    mov dword ptr [0x8000], (kernel_data16 << 16) | 0x1111
    mov dword ptr [0x8010], 0x33332222
    mov word ptr [0x8014], kernel_data
    mov dword ptr [0x8020], (user_data << 16) | 0x4444
    mov dword ptr [0x8030], offset first - code_origin + (code16 << 16)
    mov dword ptr [0x8040], offset second - code_origin
    mov word ptr [0x8044], code16
    les ax, [0x8000]
    lfs ebx, [0x8010]
    .byte 0xff, 0x1d            # call far [0x8040]
    .long 0x8040
back:
    .byte 0x66, 0xff, 0x2d      # jmp far [0x8030], 16:16
    .long 0x8030
    .code16
second:
    mov edx, 0x66665555
    .byte 0x66, 0xcb            # retf, with doublewords
first:
    lgs cx, [0x8020]
end:
    hlt
