# An instruction that passed its breakpoint by RF and then faults has RF set in the fault's frame as well, so that its handler
# can restart it (Intel SDM Vol. 3, 17.3.1.1).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    catch page_fault, map_it
    mov eax, offset faulting
    mov dr2, rax
    mov eax, 0x20
    mov dr7, rax
    mov byte ptr [page_table + 0x21 * 8], 0
    invlpg [0x21000]
faulting:
    mov ebx, [0x21000]
    logged debug_exception, 4, faulting
    hlt
map_it:
    mov byte ptr [page_table + 0x21 * 8], 7
    mov rcx, [rsp + 24]
    add rsp, 8
    iretq

expect rax, 0x20
expect rcx, RF|2
expect cr2, 0x21000
expect_memory event_log_end, 8, event_log+32
