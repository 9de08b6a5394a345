# Of an operand across two pages the part that is missing tells CR2: the start of the second page, or, when that of the
# first is, the operand's own address (Intel SDM Vol. 3, 6.15, interrupt 14).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1000

# each INSTRUCTION...: the same comes of all of them.
.macro each instructions:vararg
    .irp instruction, \instructions
    refused 0, window+0x1000, "\instruction"
    .endr
.endm

    watch_page_faults
    mov byte ptr [window_pte + 8], 0
    flush_translations
    each "mov ax, [rbx - 1]", "mov eax, [rbx - 3]", "mov rax, [rbx - 1]", "movups xmm0, [rbx - 15]"
    each "vmovups ymm0, [rbx - 1]", "fld tbyte ptr [rbx - 2]", "cmp [rbx - 1], eax", "lgdt [rbx - 2]"
    mov byte ptr [window_pte + 8], everyone
    mov byte ptr [window_pte], 0
    flush_translations
    refused 0, window+0xfff, "mov ax, [rbx - 1]"
    refused 0, window+0xffd, "mov eax, [rbx - 3]"
    refused 0, window+0xff9, "mov rax, [rbx - 7]"
    refused 0, window+0xff1, "movups xmm0, [rbx - 15]"
    mov byte ptr [window_pte + 8], 0
    flush_translations
    refused 0, window+0xffe, "mov rax, [rbx - 2]"
    allowed "fninit"
    finish
