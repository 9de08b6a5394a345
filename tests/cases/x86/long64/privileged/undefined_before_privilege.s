# What is no instruction raises #UD at every level, also where it resembles a privileged one: registers that do not exist, a
# register where only memory can be, and LOCK (Intel SDM Vol. 2; Vol. 3, 6.9 on priorities).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp level, 0, 1, 2, 3
    enter_level \level
    .irp number, 1, 5, 6, 7
    attempt illegal, .byte 0x0f, 0x20, 0xc0 + \number * 8         # mov rax, crN
    attempt illegal, .byte 0x0f, 0x22, 0xc0 + \number * 8
    .endr
    .irp number, 1, 2, 3, 4, 5, 6, 7
    attempt illegal, .byte 0x44, 0x0f, 0x20, 0xc0 + \number * 8   # mov rax, cr8+N
    attempt illegal, .byte 0x44, 0x0f, 0x22, 0xc0 + \number * 8
    .endr
    .irp number, 0, 3, 4, 7
    attempt illegal, .byte 0x44, 0x0f, 0x21, 0xc0 + \number * 8   # mov rax, dr8+N
    attempt illegal, .byte 0x44, 0x0f, 0x23, 0xc0 + \number * 8
    .endr
    attempt illegal, .byte 0x0f, 0x01, 0xff                       # invlpg edi
    attempt illegal, .byte 0x66, 0x0f, 0x38, 0x82, 0xc0           # invpcid rax, rax
    .irp opcode, 0xf4, 0xfa, 0xfb, 0xcf
    attempt illegal, .byte 0xf0, \opcode                          # lock hlt, cli, sti, iret
    .endr
    .irp opcode, 0x06, 0x08, 0x09, 0x30, 0x32
    attempt illegal, .byte 0xf0, 0x0f, \opcode                    # lock clts, invd, wbinvd, wrmsr, rdmsr
    .endr
    .irp modrm, 0x10, 0x18, 0x38, 0xf8
    attempt illegal, .byte 0xf0, 0x0f, 0x01, \modrm               # lock lgdt, lidt, invlpg [rax], swapgs
    .endr
    leave_level
    .endr
    finish
