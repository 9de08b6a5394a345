# A loop that runs into a page that is not mapped has done the rounds before, and of that round what comes before the access;
# the flags are those of the round's comparison.

.set rounds, 6
given rsi, unmapped-4*rounds
given rbx, 5
faults page_fault, fault, 4
expect cr2, unmapped
expect rsi, unmapped
expect rcx, rounds+1
expect rax, 3
expect rflags, 2|CF|AF|SF
expect retired, 6*rounds+2

round:
    inc ecx
    cmp ebx, 7                                  # 5 - 7
fault:
    mov eax, [rsi]
    lea rsi, [rsi + 4]
    mov eax, 3
    jne round
    hlt
