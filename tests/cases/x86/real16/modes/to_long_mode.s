# From real mode over protected mode to 64-bit mode, as a boot loader goes (Intel SDM Vol. 3, 9.9.1 and 9.8.5).

expect rax, 0x123456789abcdef0
expect rcx, 0xc0000080
expect cs, kernel_code64
expect ds, kernel_data
expect cr0, 0xe0000011
expect cr3, page_map_level4
expect efer, 0x500
expect rip, end
expect rbx, 0x1234
expect gdtr_base, 0x600
undefined CF|OF|SF|ZF|AF|PF

    mov bx, 0x1234
    mov eax, cr0
    or al, 1
    mov cr0, eax
    jmp kernel_code32:protected
    .code32
protected:
    mov ax, kernel_data
    mov ds, ax
    mov eax, page_map_level4
    mov cr3, eax
    mov ecx, 0xc0000080
    rdmsr
    bts eax, 8
    wrmsr
    mov eax, cr0
    bts eax, 31
    mov cr0, eax
    jmp kernel_code64:wide
    .code64
wide:
    mov rax, 0x123456789abcdef0
end:
    hlt
