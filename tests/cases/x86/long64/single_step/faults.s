# An instruction that faults does not trap, and DR6.BS stays clear. Its frame has TF, so the handler's IRETQ restarts it as if
# nothing had been, and then it traps (Intel SDM Vol. 3, 6.5 and 17.3.1.4).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    catch page_fault, map_it
    mov byte ptr [page_table + 0x21 * 8], 0
    invlpg [0x21000]
    step
faulting:
    traps debug_exception, BS, mov ebx, [0x21000]
    stop
    hlt
map_it:
    mov byte ptr [page_table + 0x21 * 8], 7
    mov rcx, [rsp + 24]
    mov rdx, dr6
    add rsp, 8
    iretq

given rflags, PF|2
expect rflags, PF
expect rcx, RF|TF|PF|2
expect rdx, 0xffff0ff0
expect cr2, 0x21000
expect_memory event_log_end, 8, event_log+32
