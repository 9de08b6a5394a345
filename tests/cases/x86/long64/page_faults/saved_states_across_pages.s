# FXSAVE and XSAVE whose area ends in a page that cannot be written, and FXRSTOR and XRSTOR of one that cannot be read,
# fault; the restored registers are those of before (Intel SDM Vol. 3, 6.5). Which byte of the page CR2 names is not
# told.

.include "x86/long64/paging/paging.inc"
given rbx, window+0xf00
given rax, 3
given ymm3, 1, 2
given st0, 0x8000000000000000, 0x3fff
given ftw, 1
expect st0, 0x8000000000000000, 0x3fff

# at INSTRUCTION, CODE
.macro refused_in_second_page code, instruction
    attempt "\instruction"
    mov word ptr [fault_log + attempts * 32 + 8], 0x1000
    expect_attempt \code, window+0x1000
.endm

    watch_page_faults
    mov byte ptr [window_pte + 8], present|user
    flush_translations
    .irp instruction, "fxsave [rbx]", "fxsave64 [rbx]", "xsave [rbx]"
    refused_in_second_page for_protection|by_write, "\instruction"
    .endr
    mov byte ptr [window_pte + 8], 0
    flush_translations
    mov byte ptr [window_page + 0xf00 + 512], 3
    .irp instruction, "fxrstor [rbx]", "fxrstor64 [rbx]"
    refused_in_second_page 0, "\instruction"
    .endr
    finish
