# A far CALL pushes CS, in a whole slot, and the offset of the next instruction; with 16-bit operands both are words
# (Intel SDM Vol. 2A, CALL). RETF with the same size comes back, and RETF n drops n bytes more.

.include "x86/prot32/faults.inc"

descriptor low_code, 0x9b, 0xfffff, image
expect cs, low_code
expect rax, 0x1f0000-8
expect rbx, 0x1f0000-4
expect rdx, kernel_code32
expect_memory 0x30000, 8, (kernel_code32<<32)+back
expect_memory 0x30008, 4, (low_code<<16)+back16-image_start

    lcall kernel_code32:callee
back:
    ljmp low_code:low-image_start
low:
    .byte 0x66, 0x9a
    .word callee16 - image_start, low_code
back16:
    push 0
    push 0
    push low_code
    push offset end - image_start
    retf 8
callee:
    mov eax, esp
    movzx edx, word ptr [esp + 4]
    mov ecx, [esp]
    mov [0x30000], ecx
    mov [0x30004], edx
    retf
callee16:
    mov ebx, esp
    mov ecx, [esp]
    mov [0x30008], ecx
    data16 retf
end:
    xor ecx, ecx
    hlt
