# INT n, INT3 and INTO need a gate whose DPL is not below CPL: #GP with 8n+2 otherwise. Exceptions and INT1 do not ask
# (Intel SDM Vol. 3, 6.12.1.1; Vol. 2A, INT).

.include "x86/prot32/faults.inc"

ends_in_user_code
expect rbx, 4

    .irp dpl, 0, 1, 2, 3
    gate 0x40+\dpl, count, 0x8e+\dpl*0x20
    .endr
    gate 1, count
    gate 3, count
    gate 4, count
    gate 5, count_fault
    watch_faults
    int 0x40                                # CPL 0 may use every gate.
    enter_user
    int 0x43
    .irp dpl, 0, 1, 2
    refused general_protection, (0x40+\dpl)*8+2, int 0x40+\dpl
    .endr
    refused general_protection, 3*8+2, int3
    refused general_protection, 3*8+2, int 3
    refused general_protection, 5*8+2, int 5
    mov al, 0x7f
    inc al                                  # Sets OF, which no comparison may clear before INTO.
    mov dword ptr [resume_at], offset overflow_refused
into_here:
    into
overflow_refused:
    note_is noted_error, 4*8+2
    note_is noted_rip, offset into_here
    .byte 0xf1                              # int1
    xor eax, eax
    bound eax, [above_zero]
    hlt
count_fault:
    add dword ptr [esp], 6                  # Behind BOUND.
count:
    inc ebx
    iretd
above_zero:
    .long 1, 2
