# LGDT and LIDT that cannot read all of their operand load nothing, and SGDT and SIDT that cannot write all of theirs
# write nothing (Intel SDM Vol. 3, 6.5).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1000
expect gdtr_base, 0x600
expect gdtr_limit, 0x57
expect idtr_base, 0x1000
expect idtr_limit, 0xfff
expect_memory window_page+0xff8, 8, 0

    watch_page_faults
    mov byte ptr [window_pte + 8], 0
    flush_translations
    .irp instruction, "lgdt", "lidt"
    refused 0, window+0x1000, "\instruction [rbx - 2]"
    refused 0, window+0x1000, "\instruction [rbx - 8]"
    .endr
    .irp instruction, "sgdt", "sidt"
    refused by_write, window+0x1000, "\instruction [rbx - 2]"
    refused by_write, window+0x1000, "\instruction [rbx - 8]"
    .endr
    finish
