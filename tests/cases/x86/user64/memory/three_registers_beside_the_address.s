# Three-operand instructions leave the registers alone that address their memory operand, whichever they are (Intel SDM
# Vol. 2B, PDEP): a translator has fewer registers than the guest, and lends some for an instruction.

given r8, 0x20000
given r9, 0x20000
given r12, 0x20000
given r13, 0x20000
given r11, 0x00ff00ff00ff00ff
given r15, 0x0f0f0f0f0f0f0f0f
expect rcx, 0x1122334455667788
expect r8, 0x20000
expect r9, 0x20000
expect r12, 0x20000
expect r13, 0x20000
expect r11, 0x00ff00ff00ff00ff
expect r15, 0x0f0f0f0f0f0f0f0f
expect r10, 0x0022334400007788
expect r14, 0x1100034400660388
expect rax, 0x0022334400007788
expect rbx, 0x1100034400660388

    mov rcx, 0x1122334455667788
    mov [r8], rcx
    mov [r8 + 8], rcx
    pdep r10, r11, [r8 + 8]
    pdep r14, r15, [r9 + 8]
    mov rax, r10
    mov rbx, r14
    pdep r10, r11, [r12]
    pdep r14, r15, [r13]
    hlt
