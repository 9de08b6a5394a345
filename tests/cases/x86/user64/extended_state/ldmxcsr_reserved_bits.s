# LDMXCSR of a reserved bit raises #GP(0), and MXCSR stays (Intel SDM Vol. 2A, LDMXCSR).

faults general_protection, fault
expect mxcsr, 0x1fc0

    ldmxcsr [rip + allowed]
fault:
    ldmxcsr [rip + reserved]
    hlt
allowed:
    .long 0x1fc0
reserved:
    .long 0x11f80
