# The accessed bit is written only when it is clear: from a read-only page of the GDT segments whose bit is set can be
# loaded, the others are a page fault of a supervisor's write, also at CPL 3 (Intel SDM Vol. 3, 3.4.5.1 and 4.6.1).

.include "x86/long64/faults.inc"

descriptor marked, 0xf3
descriptor unmarked, 0xf2
given gdtr_base, 0x30000
faults page_fault, fault, 3
expect cs, user_code64
expect ss, user_data
expect cpl, 3
expect rsp, 0x1e0000
expect ds, 0
expect fs, 0
expect gs, 0
expect cr2, 0x30000+unmarked+5
expect rax, unmarked
expect es, marked

    mov esi, offset gdt
    mov edi, 0x30000
    mov ecx, unmarked + 8
    rep movsb
    xor esi, esi
    xor edi, edi
    and byte ptr [page_table + 0x30 * 8], ~2
    mov rax, cr3
    mov cr3, rax
    enter_user
    mov eax, marked
    mov es, eax
    mov eax, unmarked
fault:
    mov ds, eax
    hlt
