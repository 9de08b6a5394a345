# IRET changes IF only when CPL <= IOPL, IOPL only at CPL 0, and VM never at CPL 3 (Intel SDM Vol. 2A, IRET): at CPL 3
# with IOPL 3, then with IOPL 0.

.include "x86/prot32/faults.inc"

.set IOPL3, 0x3000
.set VM, 0x20000
expect rax, IOPL3|CF
expect rbx, IOPL3|IF
expect rcx, CF
expect rdx, CF
expect cs, user_code32
expect ss, user_data
expect cpl, 3
expect rsp, 0x1e0000
expect ds, 0
expect es, 0
expect fs, 0
expect gs, 0

# Frame of an IRET to the next instruction, at CPL 3 from CPL 0 or 3.
.macro return_with flags, register
    push \flags
    push user_code32
    push offset .Lreturned\@
    iretd
.Lreturned\@:
    pushfd
    pop \register
    and \register, VM|IOPL3|IF|CF
.endm

    gate 0x80, from_user, 0xee
    push user_data
    push 0x1e0000
    return_with IOPL3|IF|2, ebx
    return_with VM|CF|2, eax
    int 0x80
from_user:
    add esp, 12
    return_with CF|2, ecx
    return_with IOPL3|IF|VM|CF|2, edx
    hlt
