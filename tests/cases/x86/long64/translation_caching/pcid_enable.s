# CR4.PCIDE can be set only while CR3's bits 11:0 are clear, and keeps CR0.PG from being cleared (Intel SDM Vol. 3, 2.5
# and 4.10.1). Bit 63 of a value for CR3 is reserved while it is clear, and is never kept.

.include "x86/long64/paging/paging.inc"
expect rcx, 4                                   # Times that #GP came.
expect rdx, 0
expect rsi, page_map_level4+0x18
expect rdi, page_map_level4+0xabc
undefined CF|OF|SF|ZF|AF|PF

# refused_value REGISTER: #GP(0) comes of RAX.
.macro refused_value register
    mov qword ptr [resume_address], offset 1f
    mov [resume_stack], rsp
    mov \register, rax
    hlt
1:
.endm

    watch_page_faults
    gate general_protection, on_general_protection
    mov eax, page_map_level4 + 0x18
    mov cr3, rax
    mov rsi, cr3
    mov rax, cr4
    bts rax, pcid_enable
    refused_value cr4
    mov eax, page_map_level4
    mov cr3, rax
    bts rax, 63
    refused_value cr3
    turn_on cr4, pcid_enable
    mov eax, page_map_level4 + 0xabc
    mov cr3, rax
    bts rax, 63
    mov cr3, rax
    mov rdi, cr3
    bts rax, 62
    refused_value cr3
    mov rax, cr0
    btr rax, 31
    refused_value cr0
    mov eax, page_map_level4
    mov cr3, rax
    mov eax, 0
    finish
on_general_protection:
    or edx, [rsp]
    inc ecx
    jmp .Lon_breakpoint
