# A program's stack may be at the lower end of its half of the address space, at the upper one, or between them, and may
# go from one to the other by every instruction that writes RSP (Intel SDM Vol. 1, 6.2). Whoever pushes and pops finds it
# where RSP says.

.include "x86/long64/page_faults/distant_stacks.inc"
.set lower, window+0x3000
.set rounds, 6
given rbx, lower
expect rsi, 2*(1+2+3+4+5+6)+rounds*(4*1+3*0x100+0x1000)
expect rdi, 4*0x77+300*301/2
expect_memory top-8, 8, 0x77                    # Which programs have pushed, and not where the stack is no longer.
expect_memory window_page+0x1ff8, 8, 0

.macro between_stacks
    mov r12, rsp
    mov ecx, rounds
.Lround\@:
    push rcx
    mov rdx, rsp
    mov rsp, rbx                                # From the upper end to the lower one.
    push rcx
    call .Lone\@
    lea rax, [rip + .Lone\@]
    call rax
    pop rax
    add rsi, rax
    sub rsp, 16
    test ecx, ecx
    jz .Lend\@
    add rsp, 16
    mov rsp, rdx                                # And back.
    call .Lone\@
    call .Ltwo\@
    pop rax
    add rsi, rax
    lea rbp, [rbx - 16]
    mov [rbp], r12
    mov qword ptr [rbx - 8], 0x100
    leave                                       # RSP is at the lower end then, and RBP at the upper one.
    pop rax
    add rsi, rax
    mov qword ptr [rbp - 8], 0x100
    lea rsp, [rbp - 8]
    pop rax
    add rsi, rax
    push rbx
    push 0x100
    mov [rbx - 24], rsp
    lea rsp, [rbx - 24]
    pop rsp                                     # What was pushed is 0x100.
    pop rax
    add rsi, rax
    pop rsp                                     # RBX.
    push 0x1000
    xchg rsp, r12
    xchg rsp, r12
    pop rax
    add rsi, rax
    mov rsp, r12
    and rsp, -64
    push rcx
    pop rcx
    mov rsp, r12
    dec ecx
    jnz .Lround\@
    jmp .Lend\@
.Ltwo\@:
    jmp .Lone\@
.Lone\@:
    inc rsi
    ret
.Lend\@:
.endm

# From the lower end of the upper half of programs' addresses down into the other half, with no access on the way.
.macro creeping
    mov rax, other                              # Which is where an engine that goes on as above would push.
    cmp [rax - 8], ecx
    mov ecx, 512
.Lstep\@:
    sub rsp, 0x40000000
    dec ecx
    jnz .Lstep\@
    push 0x77
    add rdi, [rsp]
.endm

# In one page with the program's code.
.macro beside_code
    mov ecx, 300
    jmp .Lpush
    .skip 64
.Lbottom:
.Lpush:
    push rcx
    add rdi, [rsp]
    pop rax
    dec ecx
    jnz .Lpush
.endm

    watch_page_faults
    map_distant_stacks
    mov rax, upper+top
    mov [program_stack], rax
    user_allowed "between_stacks"

    mov rax, beside+top
    mov [program_stack], rax
    .irp round, 0, 1, 2, 3
    user_allowed "creeping"
    .endr

    lea rax, [rip + .Lbottom]
    mov rcx, upper
    add rax, rcx
    mov [program_stack], rax
    user_allowed "beside_code"
    .irp register, rax, rcx, rdx, rbp, r12
    mov \register, 0
    .endr
    finish
undefined CF|PF|AF|ZF|SF|OF
