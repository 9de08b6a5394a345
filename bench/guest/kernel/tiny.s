# The smallest program: exit(7), for the test of execve().

        .globl _start
_start: movl $7, %edi
        movl $60, %eax
        syscall
