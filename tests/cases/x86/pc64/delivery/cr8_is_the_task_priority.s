# CR8 is bits 7:4 of the task priority: to write it clears the others, and what is written to the register shows in it
# (Intel SDM Vol. 3, 11.8.6). Values above 15 raise #GP.

expect rbx, 0x50
expect rsi, 3
expect rbp, 3
expect_log 13, 13

    log_protection
    mov r8d, local_apic
    mov dword ptr [r8 + 0x80], 0x0f
    mov eax, 5
    mov cr8, rax
    mov ebx, [r8 + 0x80]
    mov dword ptr [r8 + 0x80], 0x3f
    mov rsi, cr8
    mov eax, 0x10
    try mov cr8, rax
    mov rax, 1 << 63 | 1
    try mov cr8, rax
    mov rbp, cr8
    xor r8d, r8d
    clear_scratch
    finish
