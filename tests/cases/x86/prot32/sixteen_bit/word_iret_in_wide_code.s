# IRET with a 16-bit operand in 32-bit code pops words: EIP's upper half is cleared, and the upper half of EFLAGS
# stays (Intel SDM Vol. 2A, IRET).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rflags, AC|1<<21|2
expect rip, end-code_origin
expect rflags, AC|1<<21|CF|NT|DF
expect rsp, 0x1f0000
expect rax, 0

    mov byte ptr [end - code_origin], 0xf4
    push word ptr 0x4400 | 3
    push word ptr kernel_code32
    push word ptr offset end - code_origin
    iretw
end:
    ud2
