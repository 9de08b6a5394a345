# Real mode has privilege level 0: everything that is privileged elsewhere works (Intel SDM Vol. 3, 5.9 and 20.1.3).

given cr0, 0x38
given rcx, 0xc0000080
given rflags, 2
expect rax, 1
expect rbx, 0x30
expect rdx, 0
expect cr0, 0x30
expect efer, 1
expect cr2, 0x30
expect dr6, 0xffff0ff0
expect retired, 19

    cli
    sti
    cli
    clts
    mov ebx, cr0
    mov cr2, ebx
    rdmsr
    mov al, 1
    xor edx, edx
    wrmsr
    wbinvd
    invlpg [0]
    mov edx, dr7
    mov dr7, edx
    xor edx, edx
    lgdt [pointer]
    in al, dx
    out dx, al
    mov ax, 1
    hlt
pointer:
    .word 0x57
    .long 0x600

expect rflags, ZF|PF
