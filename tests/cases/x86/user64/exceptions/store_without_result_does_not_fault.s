# On Intel's CPUs an x87 store whose source is an empty register, with the stack fault unmasked, stores nothing and does not
# look at its destination: the exception is pending behind it (Intel SDM Vol. 1, 8.6).

maker intel
given rbx, unmapped
given fcw, 0x37e
expect fsw, 0x80c1

    fstp dword ptr [rbx]
    hlt
