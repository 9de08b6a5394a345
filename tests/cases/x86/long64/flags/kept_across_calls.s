# CALL, RET and JMP leave the status flags alone, also those that follow from no operands that are still there, wherever an
# engine keeps them while it finds out where a branch leads.

expect rax, 0
expect rbx, 0x3600                              # OF: behind every other first return, and all second ones.
expect rcx, 0
expect rdx, 0
expect rsi, 0x480                               # CF: behind the second ones.
expect rdi, 0x7fffffff
undefined CF|PF|AF|ZF|SF|OF

.macro count_flags
    seto al
    setc dl
    movzx eax, al
    movzx edx, dl
    lea ebx, [rbx + rax * 8]
    lea esi, [rsi + rdx]
.endm

    mov ecx, 0x480
    mov edi, 0x7fffffff
    lea r8, [rip + targets]
next:
    call add_lowest_bit
    count_flags
    mov eax, 1
    imul eax, edi                               # Neither OF nor CF.
    jmp [r8 + 8]
    .balign 64
here:
    seto al
    movzx eax, al
    lea ebx, [rbx + rax]
    mov eax, 0x10
    imul eax, edi                               # Both.
    call [r8]
    count_flags
    dec ecx
    jnz next
    xor eax, eax
    xor edx, edx
    xor r8d, r8d
    hlt
    .balign 64
add_lowest_bit:
    mov al, 0x7f
    bt ecx, 0
    adc al, 0
    ret
    .balign 64
nothing:
    ret
    .balign 64
targets:
    .quad nothing, here
