# A breakpoint on execution is a fault before the instruction: RIP points to it, nothing of it is done, and RF is pushed as it
# was, clear (Intel SDM Vol. 3, 17.3.1.1). It fits the first byte of an instruction, prefixes included, and no other.

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov eax, offset prefixed
    mov dr0, rax
    mov eax, offset prefixed + 1        # Its opcode.
    mov dr1, rax
    mov eax, offset last
    mov dr2, rax
    mov eax, 0x2a                       # Global, for one byte, on execution.
    mov dr7, rax
    mov qword ptr [event_log_resume], offset last
prefixed:
    lock inc qword ptr [0x20000]        # Is not reached.
last:
    mov ebx, [0x20000]
    logged debug_exception, 1, prefixed, PF|2
    logged debug_exception, 4, last, PF|2

given rflags, PF|2
expect rax, 0x2a
expect rbx, 0
    all_logged
