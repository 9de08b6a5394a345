# Whatever reads a page whose accessed bit was cleared, its translation invalidated, sets the bit again and leaves the
# page clean; fetching code that has run before counts too (Intel SDM Vol. 3, 4.8).

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
    expect_memory notes, 1, everyone|accessed
    .set notes, notes + 1
    .endr
.endm

    watch_page_faults
    mov r15, rsp
    lea rsi, [rbx + 0x800]
    mov byte ptr [window_page], 0xc3
    mov qword ptr [window_page + 0x800], 0x10000
    call rbx
    each "mov rax, [rsi]", "cmp [rsi], rax", "test dword ptr [rsi], 1", "bt dword ptr [rsi], 3", "movups xmm0, [rsi]"
    each "fild dword ptr [rsi]", "push qword ptr [rsi]", "lodsq; lea rsi, [rbx + 0x800]", "cmovz rax, [rsi]"
    each "lea rsp, [rsi]; pop rax", "lea rsp, [rsi]; popfq", "lea rbp, [rsi]; leave", "call rbx", "verr word ptr [rsi]"
    each "mov ecx, 8; mov edi, 0x31000; rep movsb; lea rsi, [rbx + 0x800]"
    each "mov rdi, rsi; mov al, 1; mov ecx, 3; repne scasb"
    fninit
    movups xmm0, [0x32000]
    .irp register, rax, rcx, rsi, rdi, rbp, r14, r15
    mov \register, 0
    .endr
    finish
undefined CF|OF|SF|ZF|AF|PF
