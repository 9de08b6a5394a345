# The processor reads and marks paging entries by their physical addresses: it does not matter that their pages are not
# mapped, or are read-only, at any linear address (Intel SDM Vol. 3, 4.5 and 4.8).

.include "x86/long64/paging/paging.inc"
given rbx, window
given rdx, window_page+3*0x1000
expect rcx, everyone|accessed|dirty
undefined CF|OF|SF|ZF|AF|PF

    watch_page_faults
    mov byte ptr [page_table + (window_pml4e >> 12) * 8], present
    mov byte ptr [page_table + (window_pdpte >> 12) * 8], 0
    mov byte ptr [page_table + (window_pde >> 12) * 8], present
    mov byte ptr [page_table + (window_pte >> 12) * 8], 0
    flush_translations
    user_allowed "mov [rbx], rbx"
    mov byte ptr [page_table + (window_pte >> 12) * 8], present
    movzx ecx, byte ptr [window_pte]
    finish
