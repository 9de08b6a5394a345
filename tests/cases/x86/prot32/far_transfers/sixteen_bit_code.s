# In a code segment with D clear operands and addresses are of 16 bits, and EIP is one of 16 bits; a prefix turns each
# (Intel SDM Vol. 3, 3.4.5).

.include "x86/prot32/faults.inc"

descriptor code16, 0x9b, 0xffff, image, 0
expect cs, kernel_code32
expect rax, 0x11115678
expect rbx, 0x12345678
expect rcx, 0x1001
expect rdx, 0x11110000
expect rsp, 0x1f0000-6
expect_memory 0x1f0000-6, 6, 0x123456785678

    mov eax, 0x11111111
    mov edx, 0x11110fff
    mov ecx, 0x1000
    ljmp code16:narrow-image_start
    .code16
narrow:
    mov ax, 0x5678
    mov ebx, 0x12345678
    push ebx
    push ax
    .byte 0x41                              # inc cx
    add dx, 0xf001
    ljmpd kernel_code32:wide
    .code32
wide:
    hlt
