# The 16 high bits of a linear address repeat bit 47, so the upper half begins with entry 256 of the PML4; an address in
# between is no page fault but #GP, whatever would be mapped there (Intel SDM Vol. 1, 3.3.7.1).

.include "x86/long64/paging/paging.inc"
given rbx, 0xffff800000000000
given rdx, 0x0000800000000000
expect rcx, 0x5a5a
faults general_protection, fault
expect_memory page_map_level4+256*8, 1, everyone|accessed

    watch_page_faults
    mov qword ptr [page_map_level4 + 256 * 8], window_pdpte + everyone
    mov word ptr [window_page], 0x5a5a
    user_allowed "mov cx, [rbx]"
fault:
    mov rax, [rdx]
    hlt
