# Instructions that only make sense with descriptors are #UD in real mode, register and memory forms alike (Intel
# SDM Vol. 2: "not recognized in real-address mode").

.include "x86/real16/fault_log.inc"

expect rax, 8
expect_log 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6

    log_faults 6, 13
    mov ax, 8
    try sldt ax
    try str ax
    try lldt ax
    try ltr ax
    try lar cx, ax
    try lsl cx, ax
    try verr ax
    try verw ax
    try .byte 0x63, 0xc1        # arpl cx, ax
    try sldt word ptr [0x900]
    try verr word ptr [0xffff]
    hlt
