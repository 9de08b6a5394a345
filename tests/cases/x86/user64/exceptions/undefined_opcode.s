# UD2 raises #UD at itself.

faults invalid_opcode, fault
expect rax, 1
expect retired, 1

    mov eax, 1
fault:
    ud2
    hlt
