# POP whose memory operand cannot be written leaves RSP, on which the operand's address may even be based: it counts
# after the pop (Intel SDM Vol. 2, POP).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1000
expect_memory window_page+0x1008, 8, 0

    watch_page_faults
    mov byte ptr [window_pte + 8], present
    flush_translations
    refused for_protection|by_write, window+0x1008, "mov rsp, rbx; 1: pop qword ptr [rsp]"
    restarts 1b, window+0x1000
    refused for_protection|by_write, window+0x1010, "mov rsp, rbx; 1: pop qword ptr [rbx + 0x10]"
    restarts 1b, window+0x1000
    finish
