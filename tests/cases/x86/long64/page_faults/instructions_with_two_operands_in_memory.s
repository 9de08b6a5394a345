# Of an instruction's two memory operands the one that is read faults first: RSP, RSI and RDI stay, and nothing is
# written (Intel SDM Vol. 3, 6.5).

.include "x86/long64/paging/paging.inc"
given rbx, window
given rsi, window
given rdi, 0x30000
expect_memory 0x30000, 8, 0

    watch_page_faults
    mov byte ptr [window_pte], 0
    mov byte ptr [window_pte + 8], present
    flush_translations
    refused 0, window, "1: push qword ptr [rbx]"
    restarts 1b, 0x1f0000
    refused 0, window, "lea rsp, [rbx + 0x2000]; 1: push qword ptr [rbx]"
    restarts 1b, window+0x2000
    refused for_protection|by_write, window+0x1ff8, "lea rsp, [rbx + 0x2000]; 1: push qword ptr [rdi]"
    refused 0, window, "movsq"
    refused 0, window, "1: call qword ptr [rbx]"
    restarts 1b, 0x1f0000
    refused 0, window, "lea rsp, [rbx + 0x2000]; 1: call qword ptr [rbx]"
    refused 0, window, "1: lcall [rbx]"
    restarts 1b, 0x1f0000
    refused 0, window, "1: ljmp [rbx]"
    finish
