# DR4 and DR5 are DR6 and DR7 while CR4.DE is clear, and #UD when it is set. DR8 to DR15 do not exist (Intel SDM Vol. 3,
# 17.2.2; Vol. 2B, MOV).

.include "x86/long64/event_log.inc"

    log_events invalid_opcode
    mov eax, 0xffff0ff5
    .byte 0x0f, 0x23, 0xe0              # mov dr4, rax
    mov rbx, dr6
    .byte 0x0f, 0x21, 0xe9              # mov rcx, dr5
    mov rax, cr4
    or eax, 8
    mov cr4, rax
    raises invalid_opcode, 0, .byte 0x0f, 0x23, 0xe0
    raises invalid_opcode, 0, .byte 0x0f, 0x21, 0xe9
    .irp modrm, 0xc0, 0xc8, 0xd0, 0xd8, 0xe0, 0xe8, 0xf0, 0xf8
    raises invalid_opcode, 0, .byte 0x44, 0x0f, 0x23, \modrm
    .endr

expect rax, 0x40628
expect rbx, 0xffff0ff5
expect rcx, 0x400
expect cr4, 0x40628
expect dr6, 0xffff0ff5
expect rflags, PF
    all_logged
