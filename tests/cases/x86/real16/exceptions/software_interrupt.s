# INT in real mode goes through the vector table, pushes FLAGS, CS and IP, and clears IF (Intel SDM Vol. 3, 20.1.4).

given rflags, IF|CF|2
expect rax, 0x1234
expect rbx, 0x0203
expect rcx, 0x0003
expect rsp, 0x7000
undefined AF

    mov word ptr [0x21 * 4], offset handler
    mov word ptr [0x21 * 4 + 2], 0
    int 0x21
    cli
    hlt
handler:
    pushf
    pop cx
    mov bp, sp
    mov bx, [bp + 4]
    mov bp, 0
    mov ax, 0x1234
    iret

expect rflags, CF
