# CALL pushes its return address over code: the stack pointer is just behind the routine's first instruction, whose immediate
# the address becomes (Intel SDM Vol. 3, 11.6).

expect rax, back
expect rsp, 0x1f0000
expect rbx, 0x1f0000

    mov rbx, rsp
    lea rsp, [rip + routine + 10]
    call routine
back:
    mov rsp, rbx
    hlt
routine:
    movabs rax, 0x7777777777777777
    ret
