# Every combination of R/W and U/S of a directory entry and of a table entry: a page is writable, and the user's, when
# both say so (Intel SDM Vol. 3, 4.6.1). 32-bit entries cannot forbid fetches.

.include "x86/prot32/paging/paging.inc"
given rbx, window

# decide PREFIX, REFUSED, CODE, INSTRUCTION: what must come of an attempt.
.macro decide prefix, is_refused, code, instruction
    .if \is_refused
    \prefix\()refused for_protection|\code, window, "\instruction"
    .else
    \prefix\()allowed "\instruction"
    .endif
.endm

    watch_page_faults 32bit
    mov byte ptr [window_page], 0xcc
    .irp upper, 0, writable, user, writable|user
    .irp lower, 0, writable, user, writable|user
    mov byte ptr [window_pde], present|\upper
    mov byte ptr [window_pte], present|\lower
    flush_translations
    .set rights, (\upper)&(\lower)
    decide user_, !(rights&user), by_user, "mov cl, [ebx]"
    decide user_, (rights)!=(writable|user), by_user|by_write, "mov byte ptr [ebx], 0xcc"
    decide user_, !(rights&user), by_user, "jmp ebx"
    decide , !(rights&writable), by_write, "mov byte ptr [ebx], 0xcc"
    allowed "mov cl, [ebx]"
    allowed "jmp ebx"
    .endr
    .endr
    turn_off cr0, write_protect
    mov byte ptr [window_pte], present
    flush_translations
    allowed "mov byte ptr [ebx], 0xcc"
    user_refused for_protection|by_user|by_write, window, "mov [ebx], cl"
    finish
expect rcx, 0xcc
