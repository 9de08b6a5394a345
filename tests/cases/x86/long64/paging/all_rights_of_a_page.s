# Every combination of R/W, U/S and XD in an entry, for reads, writes and fetches of the user and of the supervisor,
# with CR0.WP set and clear (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

# decide MACRO PREFIX, REFUSED, CODE, INSTRUCTION: what must come of an attempt.
.macro decide prefix, is_refused, code, instruction
    .if \is_refused
    \prefix\()refused for_protection|\code, window, "\instruction"
    .else
    \prefix\()allowed "\instruction"
    .endif
.endm

    watch_page_faults
    mov byte ptr [window_page], 0xcc
    .irp xd, 0, 1
    .irp rights, 0, writable, user, writable|user
    mov byte ptr [window_pte], present|\rights
    mov byte ptr [window_pte + 7], \xd << 7
    flush_translations
    decide user_, !((\rights)&user), by_user, "mov cl,[rbx]"
    decide user_, ((\rights)&everyone)!=(writable|user), by_user|by_write, "mov byte ptr [rbx],0xcc"
    decide user_, !((\rights)&user)||\xd, by_user|by_fetch, "jmp rbx"
    decide , 0, 0, "mov cl,[rbx]"
    decide , !((\rights)&writable), by_write, "mov byte ptr [rbx],0xcc"
    decide , \xd, by_fetch, "jmp rbx"
    turn_off cr0, write_protect
    decide , 0, 0, "mov byte ptr [rbx],0xcc"
    decide user_, ((\rights)&everyone)!=(writable|user), by_user|by_write, "mov byte ptr [rbx],0xcc"
    turn_on cr0, write_protect
    .endr
    .endr
    finish
expect rcx, 0xcc
