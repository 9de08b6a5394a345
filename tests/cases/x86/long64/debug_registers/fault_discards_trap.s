# An instruction that hits a data breakpoint and then faults has not completed: no trap, stepped or not, and DR6 keeps quiet.
# When it is restarted it hits again (Intel SDM Vol. 3, 6.5 and 17.3.1.2).

.include "x86/long64/event_log.inc"

    log_events debug_exception, page_fault
    mov esi, 0x20000
    mov edi, unmapped
    mov dr0, rsi
    mov eax, 0x00030001
    mov dr7, rax
    raises page_fault, 2, movsb
    mov qword ptr [event_log_resume], offset behind
    step
stepped:
    movsb
behind:
    stop
    logged page_fault, 2, stepped
    mov edi, 0x21000
    traps debug_exception, 1, movsb

expect rax, 0x00030001
expect rsi, 0x20001
expect rdi, 0x21001
expect cr2, unmapped
expect dr6, 0xffff0ff0
    all_logged
