# Instructions that only read their memory operand, or do not use it at all, are content with a read-only page and leave
# it clean (Intel SDM Vol. 3, 4.6 and 4.8).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect_memory window_pte, 1, present|user|accessed
undefined CF|OF|SF|ZF|AF|PF

# each INSTRUCTION...: the same comes of all of them.
.macro each instructions:vararg
    .irp instruction, \instructions
    user_allowed "\instruction"
    .endr
.endm

    watch_page_faults
    mov byte ptr [window_pte], present|user
    flush_translations
    each "cmp [rbx], rcx", "test [rbx], ecx", "bt [rbx], ecx", "mov rcx, [rbx]", "verr [rbx]"
    each "lar edx, [rbx]", "push qword ptr [rbx]", "ucomisd xmm0, [rbx]", "fild qword ptr [rbx]; fstp st(0)"
    each "crc32 ecx, byte ptr [rbx]", "fldcw [rbx]"
    mov ecx, 0
    fninit
    finish
