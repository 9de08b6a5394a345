# XSAVE's area is aligned to 64 bytes, or #GP(0), even where nothing would be saved (Intel SDM Vol. 2D, XSAVE).

given rbx, 0x20020
faults general_protection, fault
expect rbx, 0x20060

    fxsave [rbx]
    add rbx, 0x20
    xsave [rbx]
    add rbx, 0x20
fault:
    xsave [rbx]
    hlt
undefined CF|PF|AF|ZF|SF|OF
