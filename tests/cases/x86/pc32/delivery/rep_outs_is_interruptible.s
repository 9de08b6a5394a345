# REP OUTS is interrupted after the byte that lets a request through, and goes on with the next (Intel SDM Vol. 2,
# REP). The last byte would have masked it again.

expect rbx, 2
expect rcx, 0
expect rsi, mask_end
expect rdx, 0x21
expect_log 0x24, 1

    initialize_pics 0, 0
    connect_serial
    raise_irq4
    gate 0x24, handler
    mov ecx, 4
    mov esi, offset masks
    mov edx, 0x21
    pushfd
    or dword ptr [esp], IF
    popfd
    rep outsb
    log 1
    finish
masks:
    .byte 0xff, 0xef, 0xff, 0xff
mask_end:
handler:
    push eax
    log 0x24
    mov ebx, ecx
    output 0x20, 0x20
    pop eax
    iretd
