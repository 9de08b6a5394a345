# LIDT moves the interrupt vector table of real mode, here to an address that no segment reaches (Intel SDM Vol. 3,
# 20.1.4).

expect idtr_base, 0x180000
expect rax, 0x4321

    mov eax, cr0                # through a 4 GiB segment, put the vector there
    or al, 1
    mov cr0, eax
    mov bx, kernel_data
    mov fs, bx
    and al, 0xfe
    mov cr0, eax
    mov ebx, 0x180000
    mov dword ptr fs:[ebx + 0x21 * 4], offset handler
    lidtd [pointer]
    int 0x21
    hlt
handler:
    mov eax, 0x4321
    hlt
pointer:
    .word 0x3ff
    .long 0x180000

expect rbx, 0x180000
expect fs, kernel_data
expect rsp, 0x6ffa
undefined ZF|SF|PF|CF|OF|AF
