# From 32-bit protected mode to real mode as the manual has it: a 16-bit code segment, data segments with limit
# FFFF, PE cleared, a far jump, segments and the vector table of real mode (Intel SDM Vol. 3, 9.9.2).

expect cs, 0x1000
expect ds, 0x2000
expect ss, 0x3000
expect es, kernel_data16
expect fs, kernel_data16
expect gs, kernel_data16
expect ds_limit, 0xffff
expect cr0, 0x10032
expect rax, 0x13000
expect rsp, 0x100
expect idtr_base, 0
expect idtr_limit, 0x3ff
expect rip, end-0x10000
expect_memory 0x20010, 2, 0x1234
expect_memory 0x300fc, 2, 0x1000

    mov dword ptr [0x21 * 4], offset handler - 0x10000 + 0x10000000
    mov dword ptr [0x8000], 0x3ff
    mov dword ptr [0x658], 0x0000ffff   # 16-bit code at 10000
    mov dword ptr [0x65c], 0x00009b01
    jmp 0x58:narrow - 0x10000
    .code16
narrow:
    mov ax, kernel_data16
    .irp segment, ds, es, fs, gs, ss
    mov \segment, ax
    .endr
    lidt [0x8000]
    mov eax, cr0
    and al, 0xfe
    mov cr0, eax
    jmp 0x1000:real - 0x10000
real:
    mov ax, 0x2000
    mov ds, ax
    mov ax, 0x3000
    mov ss, ax
    mov esp, 0x100
    int 0x21
end:
    hlt
handler:
    mov word ptr [0x10], 0x1234
    iret

given gdtr_limit, 0x5f
undefined CF|PF|AF|ZF|SF|OF
