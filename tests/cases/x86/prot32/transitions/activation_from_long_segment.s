# Setting PG with EFER.LME while CS has L set: #GP(0), and neither PG nor LMA is set (Intel SDM Vol. 3, 9.8.5.1).

given efer, 0x100
faults general_protection, fault-0x10000
expect efer, 0x100
expect cs, kernel_code64
expect cr3, page_map_level4
expect rax, 0x80010033

    mov esi, 0x10000
    mov edi, 0
    mov ecx, 0x80
    rep movsb
    mov eax, page_map_level4
    mov cr3, eax
    jmp kernel_code64:narrow - 0x10000
    .code16
narrow:
    mov eax, 0x80010033
fault:
    mov cr0, eax
    hlt

expect rsi, 0x10080
expect rdi, 0x80
