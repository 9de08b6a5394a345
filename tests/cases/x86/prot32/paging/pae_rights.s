# PAE's directory and table entries each give R/W, U/S and XD; the entries of the highest level give none (Intel SDM
# Vol. 3, 4.4.2 and 4.6.1).

.include "x86/prot32/paging/paging.inc"
given rbx, window

.macro decide prefix, is_refused, code, instruction
    .if \is_refused
    \prefix\()refused for_protection|\code, window, "\instruction"
    .else
    \prefix\()allowed "\instruction"
    .endif
.endm

    watch_page_faults pae
    change_efer no_execute_enable
    mov byte ptr [window_page], 0xcc
    .irp changed, window_pde, window_pte
    .irp xd, 0, 1
    .irp rights, 0, writable, user, writable|user
    mov byte ptr [\changed], present|\rights
    mov byte ptr [\changed + 7], \xd << 7
    flush_translations
    decide user_, !((\rights)&user), by_user, "mov cl, [ebx]"
    decide user_, ((\rights)&everyone)!=(writable|user), by_user|by_write, "mov byte ptr [ebx], 0xcc"
    decide user_, !((\rights)&user)||\xd, by_user|by_fetch, "jmp ebx"
    decide , !((\rights)&writable), by_write, "mov byte ptr [ebx], 0xcc"
    decide , \xd, by_fetch, "jmp ebx"
    .endr
    .endr
    mov byte ptr [\changed], everyone
    mov byte ptr [\changed + 7], 0
    .endr
    change_efer 0, no_execute_enable
    finish
expect rcx, 0xcc
