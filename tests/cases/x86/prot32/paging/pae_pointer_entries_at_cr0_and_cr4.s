# PAE: turning paging on, and changing CR4.PGE or CR4.PSE while it is on, load the entries of the highest level as MOV
# to CR3 does, with the same #GP (Intel SDM Vol. 3, 4.4.1).

.include "x86/prot32/paging/paging.inc"
expect rcx, 3                                   # Refusals.
expect rdx, 0
undefined CF|OF|SF|ZF|AF|PF

.macro refused_value register
    prepare_attempt 1f
    mov \register, eax
    jmp wrong
1:
.endm

    watch_page_faults pae
    gate general_protection, on_general_protection
    turn_off cr0, 31
    mov byte ptr [page_directory32 + 8], present|writable
    mov eax, cr0
    bts eax, 31
    refused_value cr0
    mov byte ptr [page_directory32 + 8], 0
    mov cr0, eax
    mov byte ptr [page_directory32 + 8], present|user
    mov eax, cr4
    bts eax, page_global_enable
    refused_value cr4
    mov eax, cr4
    bts eax, page_size_extension
    refused_value cr4
    mov byte ptr [page_directory32 + 8], 0
    mov eax, 0
    finish
on_general_protection:
    or edx, [esp]
    inc ecx
    jmp .Lon_breakpoint
wrong:
    hlt
