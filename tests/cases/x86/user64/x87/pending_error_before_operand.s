# An unmasked x87 error waits for the next instruction that waits, and comes before that one's own operand: #MF, not #PF (Intel
# SDM Vol. 1, 8.6 and 8.7).

given fcw, 0x37b                        # Division by zero is unmasked.
given rbx, unmapped
faults x87_error, fault
expect fsw, 0xb084                      # ZE, ES and B; the stack holds 1 and 0.

    fld1
    fldz
    fdiv st(1), st(0)
    mov eax, 1
fault:
    fld dword ptr [rbx]
    hlt
expect rax, 1
