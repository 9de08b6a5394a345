# A call through a gate that cannot push to the inner stack faults as the supervisor, at the CALL, whose state is
# unchanged (Intel SDM Vol. 3, 5.8.5 and 6.15, interrupt 14).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov dword ptr [task_state_segment + 4], 0x2000      # RSP0 is the end of page 1 of the window.
    mov dword ptr [task_state_segment + 8], window >> 32
    mov dword ptr [global_descriptors + 0x38], kernel_code64 << 16
    mov dword ptr [global_descriptors + 0x3c], 0xec00 # 64-bit call gate at 0x38, to address 0.
    mov qword ptr [global_descriptors + 0x40], 0
    mov word ptr [window_page + 0x14], 0x38
    mov byte ptr [0], 0xcc
    user_allowed "lcall [rbx + 0x10]"
    mov byte ptr [window_pte + 8], present
    flush_translations
    user_refused for_protection|by_write, window+0x1ff8, "1: lcall [rbx + 0x10]"
    restarts user_alias+1b, user_alias+0x1e0000
    mov byte ptr [window_pte + 8], 0
    flush_translations
    user_refused by_write, window+0x1ff8, "mov esp, 0x12340; 1: lcall [rbx + 0x10]"
    restarts user_alias+1b, 0x12340
    finish
