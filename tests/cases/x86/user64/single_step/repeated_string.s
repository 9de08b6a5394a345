# A repeated string instruction traps after its first iteration, with RIP at itself (Intel SDM Vol. 2B, REP).

given rcx, 3
given rdi, 0x20000
given rax, 0x41
faults debug_exception, string
expect rflags, TF
expect rcx, 2
expect rdi, 0x20001
expect dr6, 0xffff4ff0
expect_memory 0x20000, 4, 0x41
expect_memory 0x1efff8, 8, TF|2

    push TF|2
    popfq
string:
    rep stosb
    hlt
