# A page fault in delivering #GP, a contributory exception, or #UD, a benign one, is no double fault: #PF is delivered
# in its place, at the instruction that had failed (Intel SDM Vol. 3, table 6-5).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x2000
given rcx, 0x8000000000000000
given rdx, 0x40

    watch_page_faults
    mov byte ptr [window_pte + 8], 0
    flush_translations
    .irp instruction, "mov rax, [rcx]", "mov gs, edx", "ud2", "mov ss, edx", "div esi", "int 0x90"
    refused by_write, window+0x1ff8, "mov rsp, rbx; 1: \instruction"
    restarts 1b, window+0x2000
    .endr
    finish
