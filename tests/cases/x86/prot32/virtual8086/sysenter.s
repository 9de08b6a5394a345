# SYSENTER works in virtual-8086 mode: it clears VM and IF and enters flat code at CPL 0; the segment registers that
# it does not load keep their real-mode contents (Intel SDM Vol. 2B, SYSENTER).

.include "x86/prot32/virtual8086/virtual8086.inc"

expect cs, kernel_code32
expect ss, kernel_code32+8
expect rsp, 0x1c0000
expect rflags, CF
expect rax, 0x18
expect ds, 0x2000
expect ds_base, 0x20000
expect rcx, 0x176
expect rip, end
expect_memory 0x20004, 4, 0x18

    mov ecx, 0x174
    mov eax, kernel_code32
    wrmsr
    inc ecx
    mov eax, 0x1c0000
    wrmsr
    inc ecx
    mov eax, offset kernel
    wrmsr
    enter_program VM|IF|CF
    mov ax, 0x2000
    mov ds, ax
    sysenter
    .code32
kernel:
    mov eax, 0x18
    mov [4], eax
end:
    hlt
