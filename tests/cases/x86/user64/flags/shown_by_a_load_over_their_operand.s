# A load that faults shows the flags of the addition in front of it, though it was to write one of the addends, and the next
# addition, which sets all flags anew, comes right behind it. In the rounds before, and in those of a pop, nobody looks.

.set rounds, 6
given rsi, unmapped-8*rounds
given rcx, 1
given rdx, 0x7fffffff
faults page_fault, fault, 4
expect cr2, unmapped
expect rsi, unmapped
expect rcx, 1
expect rdx, 0x80000000
expect rbx, rounds
expect rsp, 0x1f0000-8
expect rflags, 2|OF|SF|AF|PF

    mov qword ptr [rsi], 0x7fffffff
    mov qword ptr [rsi + 8], 0x7fffffff
    mov qword ptr [rsi + 16], 0x7fffffff
    mov qword ptr [rsi + 24], 0x7fffffff
    mov qword ptr [rsi + 32], 0x7fffffff
    mov qword ptr [rsi + 40], 0x7fffffff
round:
    push rdx
    add edx, ecx                                # 0x7fffffff + 1
fault:
    mov edx, [rsi]
    add ebx, 1
    lea rsi, [rsi + 8]
    pop rdx
    jmp round
