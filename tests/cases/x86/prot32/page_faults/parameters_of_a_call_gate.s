# A call gate that cannot read its parameters from the caller's stack, or cannot push onto the inner one, faults at the
# CALL, as the supervisor (Intel SDM Vol. 3, 5.8.5); nothing of the program's state has changed.

.include "x86/prot32/paging/paging.inc"
given gdtr_limit, 0x67
expect_memory window_page+0x1fe4, 16, user_alias+2f+(user_code32<<32), 0x2222222211111111
expect_memory window_page+0x1ff4, 16, 0x4444444433333333, window+0xff8+(user_data<<32)

    watch_page_faults 32bit
    mov dword ptr [task_state_segment + 0xc], window + 0x2004   # The stack of level 1.
    mov byte ptr [task_state_segment + 0x10], 0x60 + 1
    mov dword ptr [global_descriptors + 0x58], 0xffff
    mov dword ptr [global_descriptors + 0x5c], 0x00cfbb00
    mov dword ptr [global_descriptors + 0x60], 0xffff
    mov dword ptr [global_descriptors + 0x64], 0x00cfb300
    mov eax, offset on_call
    mov [global_descriptors + 0x38], ax
    mov word ptr [global_descriptors + 0x3a], 0x58
    mov dword ptr [global_descriptors + 0x3c], 0x1ec04          # Four parameters.
    mov eax, 0
    .irp number, 1, 2, 3, 4
    mov dword ptr [window_page + 0xff4 + \number * 4], 0x11111111 * \number
    .endr
    mov byte ptr [window_pte], 0
    flush_translations
    user_attempt "mov esp, window + 0xff8; 1: lcall 0x38, 0"
    mov byte ptr [fault_log + attempts * 16], 0         # Whether U is set the manuals do not tell.
    ignore_low_byte_of_address
    expect_attempt 0, window+0xf00
    restarts 1b+user_alias, window+0xff8
    mov byte ptr [window_pte], everyone
    user_allowed "mov esp, window + 0xff8; lcall 0x38, 0; 2:"
    mov byte ptr [window_pte + 4], present|user
    flush_translations
    user_refused for_protection|by_write, window+0x1ffc, "mov esp, window + 0xff8; 1: lcall 0x38, 0"
    restarts 1b+user_alias, window+0xff8
    finish
on_call:
    int3
