# Calls and returns of a loop lead where they led before in most rounds, but now and then elsewhere: a routine is another one, is
# called from another place, or returns to another address than it was called from, with its flags.

given rcx, 4000
expect rcx, 0
expect rax, 4184
expect rbx, 32
expect rdx, 40
expect rsi, 0
expect rdi, 0
expect r8, 0
expect rflags, ZF|PF
undefined AF

again:
    lea rdi, [rip + usual]
    lea r8, [rip + unusual]
    mov esi, ecx
    and esi, 127
    cmp esi, 5
    cmove rdi, r8                               # In 32 rounds.
    call rdi
    jc by_return
    add rax, 1
next:
    dec rcx
    jnz again
    xor edi, edi
    xor r8d, r8d
    xor esi, esi
    hlt
by_return:
    add rax, 4                                  # With 1 of the rounds: 3 more than usual.
    inc rdx
    jmp next

    .balign 64
usual:
    call inner
    ret
    .balign 64
unusual:
    inc rbx
    add rax, 2
    clc
    ret
    .balign 64
inner:
    imul esi, ecx, 5243                         # In each hundredth round: flags that the loop looks at.
    shr esi, 19
    imul esi, esi, 100
    cmp esi, ecx
    je from_elsewhere
    clc
    ret
from_elsewhere:
    lea rsi, [rip + outer]
    push rsi
    stc
    ret                                         # To `outer`, and from there to where `inner` was called from.
outer:
    lea rsp, [rsp + 8]                          # Not to `usual`, but to where that was called from.
    ret
