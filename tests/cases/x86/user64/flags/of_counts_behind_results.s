# TZCNT sets CF if its source is 0, and ZF if the result is (Intel SDM Vol. 2, TZCNT), also behind a TEST, SUB or INC that
# gave the source.

given r8, 0x20000
expect rax, 3
expect rbx, 0b100001000100000
expect rdx, 31
expect rsi, 3
expect rdi, 3
expect r8, 0x20000
undefined CF|OF|SF|AF|ZF|PF

.macro note                                     # ZF and CF, behind what may fault, and goes on in another block.
    mov r9, [r8]
    setz r10b
    setc r11b
    movzx r10d, r10b
    movzx r11d, r11b
    lea ebx, [rbx * 2]
    lea ebx, [rbx + r10]
    lea ebx, [rbx * 2]
    lea ebx, [rbx + r11]
    jmp 1f
    .balign 64
1:
.endm

    xor ebx, ebx
    jmp 1f
wrong:
    hlt
1:
    mov eax, 15
    test eax, eax
    jz wrong
    tzcnt edx, eax
    note                                        # ZF
    mov esi, 8
    test rsi, rsi
    jz wrong
    tzcnt rsi, rsi                              # Over its source.
    note                                        # Neither.
    mov eax, 5
    sub eax, 5
    tzcnt edx, eax
    note                                        # Of 0: CF.
    mov eax, 0x48
    sub ax, 0x40
    jz wrong
    tzcnt ax, ax
    note                                        # Neither.
    mov rax, -1
    inc rax
    js wrong
    tzcnt rcx, rax
    note                                        # Of 0: CF.
    stc
    mov edx, 0x7fffffff
    inc edx
    jz wrong
    tzcnt edx, edx                              # Over its source, and over a carry.
    note                                        # Neither.
    cmp dl, 200
    mov eax, -1
    inc rax
    js wrong
    tzcnt rcx, rax
    note                                        # Neither: it was 2^32.
    mov edi, 12
    sub edi, 4
    jz wrong
    tzcnt edi, edi
    jmp next                                    # With flags that the next block looks at.
    .balign 64
next:
    setz al
    movzx ecx, al
    lea ebx, [rbx * 2]
    lea ebx, [rbx + rcx]
    mov eax, 3
    hlt
