# INVLPG of an address that is not canonical does nothing, and does not fault (Intel SDM Vol. 2A, INVLPG).

given rbx, 0x8000000000000000

    invlpg [rbx]
    invlpg [rsp + rbx]
    hlt
