# Near CALL and RET, direct, through a register and through memory; RET imm16 releases arguments; LOOP and JRCXZ.

given rcx, 3
given rsi, 0
expect rax, 3
expect rbx, 2
expect rcx, 0
expect rdx, after
expect rdi, two

    mov rdi, offset two
    call one
    push 1
    push 2
    call rdi
after:
    call [rip + pointer]
again:
    inc eax
    loop again
    jrcxz end
    ud2
end:
    test ecx, ecx
    hlt
one:
    inc ebx
    ret
two:
    mov rdx, [rsp]
    ret 16
three:
    inc ebx
    ret
    .balign 8
pointer:
    .quad three

expect rflags, ZF|PF
undefined AF
