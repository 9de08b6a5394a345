# An instruction that writes its memory operand faults as a writer on a read-only page, though it reads it first, and
# leaves its registers as they were (Intel SDM Vol. 3, 4.7).

.include "x86/long64/paging/paging.inc"
given rbx, window
given rcx, 2
given rdx, 3

# each INSTRUCTION...: the same comes of all of them.
.macro each instructions:vararg
    .irp instruction, \instructions
    refused for_protection|by_write, window, "\instruction"
    .endr
.endm

    watch_page_faults
    mov byte ptr [window_pte], present|user
    flush_translations
    each "add [rbx], rcx", "not byte ptr [rbx]", "inc word ptr [rbx]", "xchg [rbx], rdx", "xadd [rbx], edx"
    each "bts [rbx], ecx", "shl qword ptr [rbx], cl", "sete [rbx]", "lock btr qword ptr [rbx], 0"
    each "pop qword ptr [rbx]", "movups [rbx], xmm0", "fstp tbyte ptr [rbx]", "fnstcw [rbx]", "stmxcsr [rbx]"
    each "sgdt [rbx]", "str [rbx]", "smsw [rbx]", "mov [rbx], ds", "movnti [rbx], rcx"
    finish
