# With an address-size prefix real mode has 32-bit effective addresses, scaled index registers included, and the
# segment's limit of FFFF still holds: #GP, and #SS where EBP or ESP is the base (Intel SDM Vol. 1, 3.7.5; Vol. 3,
# 20.1.1).

.include "x86/real16/fault_log.inc"

given rax, 0x1000
given rcx, 0x2
given rbp, 0x10000
given rbx, 0xffff
expect rdx, 0x1234
expect rdi, 0x5678
expect rsi, 0x1018
expect_log 13, 13, 12, 13

    mov word ptr [0x9a00], 0x1234
    mov word ptr [0x6ffe], 0x5678
    log_faults 12, 13
    mov edx, [eax + ecx * 4 + 0x89f8]
    movzx edi, word ptr [esp - 2]
    lea esi, [eax + ecx * 8 + 8]
    try mov edi, [eax * 8 + 0x8000]
    try mov edi, [ebx - 2]
    try mov edi, [ebp + ecx]
    try mov edi, [ebx + 1]      # 10000 does not wrap
    hlt
