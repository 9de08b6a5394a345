# PAE: a load of CR3 raises #GP when a present entry of the highest level has one of the reserved bits 1, 2, 8:5, and
# those from MAXPHYADDR to 63; CR3 stays (Intel SDM Vol. 3, 4.4.1). In an entry that is not present no bit counts.

.include "x86/prot32/paging/paging.inc"
expect rcx, 9                                   # Refusals.
expect rdx, 0
expect rsi, page_directory32

# load LOW, HIGH: CR3, with this as its last entry.
.macro load low, high
    mov dword ptr [0x30018], \low
    mov dword ptr [0x3001c], \high
    prepare_attempt 1f
    mov cr3, eax
1:
.endm

    watch_page_faults pae
    gate general_protection, on_general_protection
    mov eax, page_directory_pae + present
    mov [0x30000], eax
    mov eax, 0x30000
    .irp bit, 1, 2, 5, 6, 7, 8
    load page_directory_pae+present+(1<<\bit), 0
    .endr
    load page_directory_pae+present, 1<<19
    load page_directory_pae+present, 1<<20
    load page_directory_pae+present, 1<<31
    mov esi, cr3
    load -2, -1
    load page_directory_pae+present+0xe18, 0
    mov eax, 0
    finish
on_general_protection:
    or edx, [esp]
    inc ecx
    jmp .Lon_breakpoint
undefined CF|OF|SF|ZF|AF|PF
