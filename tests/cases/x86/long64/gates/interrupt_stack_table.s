# A gate with an IST number takes that stack of the TSS whatever the change of level, aligned down to 16 bytes: at the
# same level SS stays, and the frame tells where RSP was (Intel SDM Vol. 3, 6.14.5). All seven.

.include "x86/long64/faults.inc"

expect rax, 0x1f0000
expect rbx, kernel_data

    .irp number, 1, 2, 3, 4, 5, 6, 7
    mov dword ptr [0x6000 + 0x1c + 8 * \number], 0x30008 + \number * 0x1000
    gate 0x40+\number, handler\number, 0x8e, kernel_code64, \number
    .endr
    .irp number, 1, 2, 3, 4, 5, 6, 7
    int 0x40+\number
    .endr
    hlt
    .irp number, 1, 2, 3, 4, 5, 6, 7
handler\number:
    holds rsp, 0x30000+\number*0x1000-40
    mov rax, [rsp + 24]
    mov ebx, ss
    iretq
    .endr
