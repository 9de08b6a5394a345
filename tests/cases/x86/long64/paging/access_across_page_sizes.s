# One access may lie in the end of a 2 MiB page and in the start of a 4 KiB page (Intel SDM Vol. 3, 4.5).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1ffffe
expect rcx, 0x44332211
expect_memory 0x1ffffe, 2, 0x6655
expect_memory window_page, 2, 0x8877
expect_memory window_pde, 1, everyone|large_page|accessed|dirty
expect_memory window_pte, 1, everyone|accessed|dirty

    watch_page_faults
    mov qword ptr [window_pde], everyone|large_page
    mov qword ptr [window_pde + 8], window_pte + everyone
    flush_translations
    mov word ptr [0x1ffffe], 0x2211
    mov word ptr [window_page], 0x4433
    allowed "mov ecx, [rbx]"
    allowed "mov dword ptr [rbx], 0x88776655"
    finish
