# Fifteen bytes of prefixes are too many already for AMD's CPUs: #GP(0), although the sixteenth byte is in a page that is
# not there.

maker amd
given rbx, unmapped-15
given rdi, unmapped-15
given rax, 0x66
given rcx, 15
faults general_protection, unmapped-15
expect rcx, 0
expect rdi, unmapped

    rep stosb
    jmp rbx
