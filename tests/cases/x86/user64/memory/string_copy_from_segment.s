# A segment override moves the source of REP MOVS, in all of its iterations (Intel SDM Vol. 2B, MOVS).

given cr4, 0x50620              # PAE, OSFXSR, OSXMMEXCPT, FSGSBASE, OSXSAVE
given rsi, 0x40
given rdi, 0x20000
given rcx, 24
given r8, 0x20100
expect rsi, 0x58
expect rdi, 0x20018
expect rcx, 0
expect rax, 0
expect rdx, 0
expect rflags, ZF+PF
expect_memory 0x20000, 16, 0x0706050403020100, 0x0f0e0d0c0b0a0908
expect_memory 0x20010, 8, 0x1716151413121110

    mov rax, 0x0706050403020100
    mov rdx, 0x0808080808080808
    mov [0x20140], rax
    add rax, rdx
    mov [0x20148], rax
    add rax, rdx
    mov [0x20150], rax
    wrgsbase r8
    rep movs byte ptr [rdi], byte ptr gs:[rsi]
    xor eax, eax
    xor edx, edx
    hlt
