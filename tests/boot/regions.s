# A program whose loops each follow 20 pointers, one of which leads to the stack and back, and so to the other end of
# the address space: for each of them a loop.

        .set    pointers, 20
        .set    rounds, 20000

        .macro  follow other
        movl    $chain, %edi
        movl    $pointers, %ecx
1:      leaq    8(%rdi), %rax
        movq    %rax, (%rdi)
        movq    %rax, %rdi
        decl    %ecx
        jnz     1b
        leaq    -64(%rsp), %rax
        movq    %rax, chain + 8 * (\other - 1)
        movq    $chain + 8 * (\other + 1), -64(%rsp)
        movl    $rounds, %ecx
2:      movl    $chain, %eax
        .rept   pointers
        movq    (%rax), %rax
        .endr
        decl    %ecx
        jnz     2b
        .endm

        .globl  _start
_start: movl    $2, %ebx
3:
        .set    other, 1
        .rept   pointers - 1
        follow  other
        .set    other, other + 1
        .endr
        decl    %ebx
        jnz     3b
        xorl    %edi, %edi
        movl    $60, %eax # exit(0)
        syscall

        .bss
chain:  .skip   8 * (pointers + 1)
