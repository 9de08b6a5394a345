# A page fault while #DF is delivered: shutdown (Intel SDM Vol. 3, interrupt 8). Nothing of the last instruction is done.

given rcx, 0
expect shutdown, 1
expect retired, 3
expect cr2, unmapped-8+0x1000

    mov qword ptr [0x6000 + 0x24], unmapped + 0x1000
    mov byte ptr [interrupt_table + 8 * 16 + 4], 1
    mov byte ptr [interrupt_table + divide_error * 16 + 5], 0
    div ecx
    hlt
