# A store that may not write its second page writes nothing to the first (Intel SDM Vol. 3, 6.5: the state is that
# before the instruction).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1000
given rax, -1
given ymm0, -1, -1, -1, -1
expect_memory window_page+0xff0, 16, 0, 0
expect_memory window_page+0x1000, 16, 0, 0

# each INSTRUCTION...: the same comes of all of them.
.macro each instructions:vararg
    .irp instruction, \instructions
    refused for_protection|by_write, window+0x1000, "\instruction"
    .endr
.endm

    watch_page_faults
    mov byte ptr [window_pte + 8], present|user
    flush_translations
    each "mov [rbx - 1], ax", "mov [rbx - 3], eax", "mov [rbx - 7], rax", "movups [rbx - 15], xmm0"
    each "vmovups [rbx - 4], ymm0", "movnti [rbx - 2], rax", "movq [rbx - 2], xmm0"
    each "fstp tbyte ptr [rbx - 4]", "sgdt [rbx - 4]", "lea rsp, [rbx + 1]; push rax"
    each "lea rsp, [rbx + 5]; call rbx"
    mov byte ptr [window_pte + 8], everyone
    mov byte ptr [window_pte], present|user
    flush_translations
    refused for_protection|by_write, window+0xff9, "mov [rbx - 7], rax"
    finish
