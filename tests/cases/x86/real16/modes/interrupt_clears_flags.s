# INT in real mode clears IF, TF and AC and leaves every other flag, NT and IOPL among them; the pushed image has
# the flags from before (Intel SDM Vol. 2A, INT n).

given rflags, 0x200000|AC|NT|IF|CF|DF|OF|3<<12|2
expect rax, NT|IF|CF|DF|OF|3<<12|2
expect rbx, 0x200000|NT|CF|DF|OF|3<<12|2
expect rflags, 0x200000|NT|IF|CF|DF|OF|3<<12

    mov word ptr [0x21 * 4], offset handler
    int 0x21
    hlt
handler:
    pushfd
    pop ebx
    mov bp, sp
    mov ax, [bp + 4]
    mov bp, 0
    iret
