# Loading a segment register sets the descriptor's accessed bit: the page of the descriptor table becomes dirty, and
# while CR0.WP is set it must be writable, for the supervisor (Intel SDM Vol. 3, 3.4.5.1). How low CR2 points in the
# descriptor is not told.

.include "x86/long64/paging/paging.inc"
given rcx, split_selector
expect_memory window_pte+8, 1, present|accessed|dirty
expect_memory window_page+0x1005, 1, 0xf3

    watch_page_faults
    split_gdt
    mov byte ptr [window_pte + 8], present
    flush_translations
    user_attempt "mov ds, ecx"
    ignore_low_byte_of_address
    expect_attempt for_protection|by_write, window+0x1000
    turn_off cr0, write_protect
    user_allowed "mov ds, ecx"
    turn_on cr0, write_protect
    user_allowed "mov ds, ecx"                  # There is nothing left to be written.
    finish
