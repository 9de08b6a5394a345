# EMMS empties all registers and makes TOP zero, as an MMX instruction does (Intel SDM Vol. 3, table 12-1).

expect fsw, 0
expect ftw, 0
expect st7, 0x8000000000000000, 0x3fff

    fld1
    emms
    hlt
