# Whatever writes a page whose dirty bit was cleared, its translation invalidated, sets the bit again (Intel SDM Vol. 3,
# 4.8).

.include "x86/long64/paging/paging.inc"
given rbx, window

# each INSTRUCTION...: what they leave in an entry that was neither accessed nor dirty, the page having been
# used before.
.set notes, 0x30000
.macro each instructions:vararg
    .irp instruction, \instructions
    mov byte ptr [window_pte], everyone
    invlpg [rbx]
    \instruction
    mov rsp, r15
    mov r14b, [window_pte]
    mov [notes], r14b
    expect_memory notes, 1, everyone|accessed|dirty
    .set notes, notes + 1
    .endr
.endm

    watch_page_faults
    mov r15, rsp
    lea rdi, [rbx + 0x800]
    mov [rdi], rbx
    mov byte ptr [window_page + 0x10], 0xc3
    each "mov [rdi], rax", "inc dword ptr [rdi]", "lock or [rdi], rax", "xchg [rdi], eax", "bts [rdi], eax"
    each "movups [rdi], xmm0", "movntdq [rdi], xmm0", "fstp dword ptr [rdi]", "fxsave [rdi]", "sgdt [rdi]"
    each "str [rdi]"
    each "lea rsp, [rdi]; push rax", "lea rsp, [rdi]; pushfq", "lea rsp, [rdi]; lea rax, [rbx + 0x10]; call rax"
    each "pop qword ptr [rdi]", "lea rsp, [rdi]; enter 8, 0", "mov [rdi], ds", "cmpxchg [rdi], rcx"
    each "mov ecx, 8; rep stosq; lea rdi, [rbx + 0x800]"
    each "mov ecx, 8; lea rsi, [rbx]; rep movsb; lea rdi, [rbx + 0x800]"
    fninit
    .irp register, rax, rcx, rsi, rdi, rbp, r14, r15
    mov \register, 0
    .endr
    finish
undefined CF|OF|SF|ZF|AF|PF
