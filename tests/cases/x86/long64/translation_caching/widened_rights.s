# After rights were widened without an invalidation one fault may still come of a cached translation; it drops that, so
# the access then succeeds (Intel SDM Vol. 3, 4.10.4.3). The handler only counts, and lets the instruction be tried
# again.

.include "x86/long64/paging/paging.inc"
given rbx, window
expect rcx, 0                                   # Faults beyond one for each access.
undefined CF|OF|SF|ZF|AF|PF

    watch_page_faults
    mov byte ptr [window_page], 0xc3            # RET
    gate page_fault, on_page_fault
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry], present
    mov byte ptr [\entry + 7], 0x80
    flush_translations
    mov rax, [rbx]
    mov byte ptr [\entry], everyone
    mov edx, 0
    mov [rbx + 8], rax
    mov byte ptr [\entry + 7], 0
    mov edx, 0
    call rbx
    .endr
    mov eax, 0
    mov edx, 0
    finish
on_page_fault:
    add ecx, edx
    mov edx, 1
    lea rsp, [rsp + 8]
    iretq
