# An interrupt of a program at CPL 3 takes SS and ESP from the TSS and pushes the program's own; the gate's DPL of 0
# does not matter, for only software interrupts are checked against it (Intel SDM Vol. 3, 6.12.1).

.set user_code32, 0x58 + 3
expect rbx, program
expect rcx, user_code32
expect rdx, IF | 2
expect rsi, 0x1e0000
expect rbp, user_data
expect rsp, 0x7000-20
expect ds, user_data
expect es, 0                    # Unfit for CPL 3, and dropped by the IRET that went there.
expect fs, 0
expect gs, 0

    mov dword ptr [0x600 + 0x58], 0x0000ffff     # A code segment for programs, in place of the TSS's upper half.
    mov dword ptr [0x600 + 0x5c], 0x00cffb00
    lgdt [table]
    gate 0x41, handler
    self_ipi 0x41
    mov eax, user_data
    mov ds, eax
    push eax
    push 0x1e0000
    push IF | 2
    push user_code32
    push offset program
    iretd
program:
    ud2
table:
    .word 0x5f
    .long 0x600
handler:
    mov ebx, [esp]
    mov ecx, [esp + 4]
    mov edx, [esp + 8]
    mov esi, [esp + 12]
    mov ebp, [esp + 16]
    finish
