# IRET in real mode loads the low 16 flags, IOPL and NT included; IRETD loads AC and ID too, but neither VM, VIF nor
# VIP (Intel SDM Vol. 2A, IRET).

expect rax, NT|CF|SF|1<<13|2
expect rbx, 0x200000|AC|ZF|3<<12|2
expect rflags, 0x200000|AC|ZF|3<<12

    push 0xffff & ~(TF|IF|DF|ZF|OF|AF|PF|1<<12)
    push 0
    push offset first
    iret
first:
    pushfd
    pop eax
    push dword ptr 0x200000|AC|1<<17|1<<19|1<<20|ZF|3<<12
    push dword ptr 0
    push dword ptr offset second
    iretd
second:
    pushfd
    pop ebx
    hlt
