# Data on the page of the code, written in every round of a loop, in bytes right before and right behind it, changes nothing of
# the code (and lets it run on).

given rcx, 1000
expect rcx, 0
expect rax, 1000
expect rbx, 2000
expect rflags, ZF|PF
expect_memory before, 8, 1000
expect_memory after, 8, 2000
undefined AF

    jmp again
before:
    .quad 0
again:
    inc qword ptr [rip + before]
    add qword ptr [rip + after], 2
    mov rax, [rip + before]
    mov rbx, [rip + after]
    dec ecx
    jnz again
    hlt
after:
    .quad 0
