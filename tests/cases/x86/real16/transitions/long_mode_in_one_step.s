# PE and PG set in one write, with PAE and LME prepared: from real mode straight into compatibility mode, and a far
# jump to 64-bit code (Intel SDM Vol. 3, 9.8.5 goes over protected mode; AMD APM Vol. 2, 14.6.1, lets both be set at
# once).

expect cs, kernel_code64
expect cr0, 0xe0000011
expect cr3, page_map_level4
expect efer, 0x500
expect rcx, 0xc0000080
expect rax, 0x123456789a
expect rip, end

    mov eax, page_map_level4
    mov cr3, eax
    mov ecx, 0xc0000080
    mov eax, 0x100
    wrmsr
    mov eax, 0xe0000011
    mov cr0, eax
    jmp kernel_code64:wide
    .code64
wide:
    mov rax, 0x123456789a
end:
    hlt
