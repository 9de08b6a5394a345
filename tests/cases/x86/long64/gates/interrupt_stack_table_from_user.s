# With an IST number an interrupt from CPL 3 does not use RSP0, and SS becomes null; a second event on the same IST
# stack starts at its top again, over the first frame (Intel SDM Vol. 3, 6.14.5).

.include "x86/long64/faults.inc"

expect ss, 0
expect ds, 0
expect es, 0
expect fs, 0
expect gs, 0
expect rax, 0x8000-40
expect rsp, 0x8000-40
expect_memory 0x8000-40, 16, nested, kernel_code64
expect_memory 0x8000-16, 16, 0x8000-40, 0
expect_memory 0x7000-8, 8, 0

    mov dword ptr [0x6000 + 0x24], 0x8000
    gate 0x40, handler, 0xee, kernel_code64, 1
    gate 0x41, second, 0x8e, kernel_code64, 1
    enter_user
    int 0x40
handler:
    mov rax, rsp
    int 0x41
nested:
second:
    hlt
