# 16-bit gates push words, an error code as well, and their offset has 16 bits: the upper word of the gate means
# nothing (Intel SDM Vol. 3, 6.11 and 21.4).

.include "x86/prot32/faults.inc"

descriptor low_code, 0x9b, 0xfffff, image
expect cs, low_code
expect rip, by_fault-image_start
expect rax, 0x1f0000-6
expect rbx, (low_code<<16)+by_int-image_start
expect rsp, 0x1f0000-8
expect_memory 0x1f0000-8, 8, 0x0002000000000000+((low_code<<32)+((fault-image_start)<<16)+0xfff0)

    gate 0x40, by_int, 0x86, low_code
    gate 13, by_fault, 0x87, low_code
    mov word ptr [interrupt_table + 0x40 * 8 + 6], 0xffff
    ljmp low_code:low-image_start
low:
    push 2
    popfd
    int 0x40
by_int:
    mov eax, esp
    mov ebx, [esp]
    lea esp, [esp + 6]
fault:
    ljmp 0xfff3:0
by_fault:
    hlt
