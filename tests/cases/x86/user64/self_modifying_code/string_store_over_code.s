# REP STOS and REP MOVS that write over the instructions behind them: those that run next are the new ones, at whatever place
# the processor had decoded them before (Intel SDM Vol. 3, 11.6).

expect rax, 0x9090909090909090
expect rbx, 7
expect rcx, 0
expect rdi, copied_end
expect rsi, source_end
expect rbp, 1

    mov rax, 0x9090909090909090
    mov ecx, 9
    lea rdi, [rip + filled]
    rep stosb
filled:
    mov ebp, 0x77777777                         # Nine bytes that become NOPs
    int3
    int3
    ud2
    inc ebp
    mov ecx, source_end - source
    lea rdi, [rip + copied]
    lea rsi, [rip + source]
    rep movsb
copied:
    .fill source_end - source, 1, 0xcc
copied_end:
    hlt
source:
    mov ebx, 7
    test ebx, ebx
source_end:
