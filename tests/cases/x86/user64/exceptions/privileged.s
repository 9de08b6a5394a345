# CLI beyond IOPL raises #GP(0).

faults general_protection, fault

fault:
    cli
    hlt
