# A kernel stack that has run out of pages: the #PF of a push finds no room for its own frame either and becomes #DF, for which
# IST1 has a stack. The frame keeps the old RSP (Intel SDM Vol. 3, 6.14.5).

given rsp, unmapped+0x1008
faults 8, overflow_here
expect cr2, unmapped+0x1000-8      # The frame begins at a multiple of 16.
expect rsp, unmapped+0x1008
expect_memory 0x1e0000-8, 8, kernel_data
expect_memory 0x1e0000-16, 8, unmapped+0x1008
expect_memory 0x1e0000-32, 8, kernel_code64
expect_memory 0x1e0000-48, 8, 0

    mov qword ptr [0x6000 + 0x24], 0x1e0000
    mov byte ptr [interrupt_table + 8 * 16 + 4], 1
overflow_here:
    push rax
    hlt
