# SWAPGS, RDMSR and WRMSR; FS and GS bases in 64-bit mode; WRFSBASE needs CR4.FSGSBASE.

given gs_base, 0x20000
given kernel_gs_base, 0x20100
given cr4, 0x50620
expect gs_base, 0x20100
expect kernel_gs_base, 0x30000
expect fs_base, 0x20200
expect rax, 0x30000
expect rcx, 0xc0000102
expect rdx, 0
expect rbx, 0x1111
expect rsi, 0x2222
expect rdi, 0x20200

    mov qword ptr [0x20108], 0x1111
    mov qword ptr [0x20208], 0x2222
    swapgs
    mov rbx, gs:[8]
    mov edi, 0x20200
    wrfsbase rdi
    mov rsi, fs:[8]
    mov ecx, 0xc0000102
    rdmsr
    mov eax, 0x30000
    wrmsr
    xor eax, eax
    rdmsr
    hlt
undefined CF|OF|SF|ZF|AF|PF
