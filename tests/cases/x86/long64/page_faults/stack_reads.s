# Instructions that pop from a stack that is not there leave RSP and RIP where they were (Intel SDM Vol. 3, 6.5); LEAVE
# also RBP. In which order the parts of a far return's frame are read is not told.

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1000
given rbp, window+0x1000

    watch_page_faults
    mov byte ptr [window_pte + 8], 0
    flush_translations
    .irp instruction, "pop rcx", "pop qword ptr [0x30000]", "popfq", "pop fs", "ret", "ret 16"
    refused 0, window+0x1000, "mov rsp, rbx; 1: \instruction"
    restarts 1b, window+0x1000
    .endr
    refused 0, window+0x1000, "1: leave"
    restarts 1b, 0x1f0000
    .irp instruction, "retfq", "retfq 8", "iretq"
    attempt "lea rsp, [rbx - 8]; 1: \instruction"
    ignore_low_byte_of_address
    expect_attempt 0, window+0x1000
    restarts 1b, window+0xff8
    .endr
    finish
