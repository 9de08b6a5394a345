# INT n through a gate that is not for programs raises #GP with the vector and the IDT bit in its error code, at INT.

faults general_protection, fault, 0x21*8+2

fault:
    int 0x21
    hlt
