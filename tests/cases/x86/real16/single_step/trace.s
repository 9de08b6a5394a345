# Real mode steps as protected mode does: INT clears TF and does not trap, nor does the IRET that brings it back; POP SS does not,
# but the instruction behind it; a repeated string instruction traps after each iteration (Intel SDM Vol. 3, 17.3.1.4, 6.8.3 and
# 20.1.4).

given rbx, 0x800
given rcx, 2
given rdi, 0x900
expect rbx, 0x80a
expect rcx, 0
expect rdx, 2
expect rdi, 0x902
expect_memory 0x800, 2, behind_int
expect_memory 0x802, 2, behind_pop
expect_memory 0x804, 2, string
expect_memory 0x806, 2, ended
expect_memory 0x808, 2, cleared
expect_memory 0x80a, 2, 0
expect_memory 0x900, 2, 0x4141
expect rax, 0x41

    mov word ptr [4], offset trace
    mov word ptr [0x20 * 4], offset handler
    push 2
    push 0
    push TF|2
    mov al, 0x41
    popf
    int 0x20
    nop
behind_int:
    pop ss
    nop
behind_pop:
string:
    rep stosb
ended:
    popf
cleared:
    hlt
trace:                                  # IP
    pop [bx]
    push [bx]
    add bx, 2
    iret
handler:
    pushf
    pop dx
    iret
