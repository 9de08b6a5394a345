# An operand whose last byte lies beyond offset FFFF faults, whatever its size: #GP, or #SS through the stack
# segment. The last place that holds it whole does not (Intel SDM Vol. 3, 20.1.4 and 6.15, interrupts 12 and 13).

.include "x86/real16/fault_log.inc"

expect_log 13, 13, 13, 13, 12, 12

    mov cx, 0x2000
    mov ds, cx
    mov ss, cx
    mov cx, sp
    log_faults 12, 13
    try mov ax, [bx - 1]
    try mov eax, [bx - 3]
    try fld qword ptr [bx - 7]
    try movups xmm0, [bx - 15]
    mov bp, 0
    try add word ptr [bp - 1], ax
    try mov eax, [bp - 3]
    mov ax, [bx - 2]
    mov eax, [bx - 4]
    movups xmm0, [bx - 16]
    mov eax, [bp - 4]
    hlt

expect ds, 0x2000
expect ss, 0x2000
expect rcx, 0x7000
