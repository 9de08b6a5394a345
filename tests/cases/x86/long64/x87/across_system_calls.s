# SYSCALL and SYSRET leave the x87, MMX and vector registers alone; the kernel sees and changes those of the program (Intel
# SDM Vol. 2B, SYSCALL).

given efer, 0xd01
given star, 0x0018000800000000
given lstar, kernel
expect rbx, 30
expect rdx, 0x21000
expect cs, 0x2b
expect ss, 0x23
expect cpl, 3
undefined CF|PF|AF|ZF|SF|OF
expect fsw, 0
expect ftw, 0xff
expect st0, 0x000000000000001e, 0xffff
expect st1, 0x00000000000000d9, 0xffff
expect st7, 0x8000000000000000, 0x3fff
expect ymm0, 0x00000000000000d9
expect_memory 0x21000, 2, 0x37f
expect_memory 0x21020, 10, 0x1e, 0xffff

    mov edx, 0x21000
    lea rcx, [rip + user]
    mov r11d, 2
    sysretq
user:
    fninit
    fld1
    pxor mm0, mm0
    pxor mm1, mm1
    mov eax, 1
    movd mm2, eax
again:
    paddd mm0, mm2
    syscall
    movq2dq xmm0, mm1
    inc ebx
    cmp ebx, 30
    jne again
    xor eax, eax
    xor ecx, ecx
    xor r11d, r11d
    hlt
kernel:
    test bl, 2
    jz 1f
    paddd mm1, mm0
1:  fxsave64 [rdx]
    sysretq
