# REPE CMPSB stops at the first difference, REPNE SCASB at the first match, both with the flags of that comparison; a
# count of 0 changes nothing at all (Intel SDM Vol. 2B, REP).

given rcx, 8
expect rsi, one+4
expect rdi, one+3
expect rcx, 6
expect rax, 'c'
expect rbx, 4
expect rdx, 1
expect rflags, PF|ZF
expect retired, 15

    lea rsi, [rip + one]
    lea rdi, [rip + other]
    repe cmpsb
    mov rbx, rcx                # "abcd" and "abcX": four were compared
    setb dl                     # 'd' is above 'X'
    seta dl
    lea rdi, [rip + one]
    mov ecx, 9
    mov eax, 'c'
    repne scasb
    mov r8, rcx
    xor ecx, ecx
    repne scasb
    mov ecx, 6
    mov r8, 0
    hlt
one:
    .ascii "abcdefgh"
other:
    .ascii "abcXefgh"
