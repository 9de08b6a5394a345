# Breakpoints work in real mode by linear addresses: segment times 16 plus offset (Intel SDM Vol. 3, 17.2.1 and 20.1).

expect rsi, 0x80c
expect rax, 0x10000088
expect cs, 0x7c0
expect ds, 0x1234
expect rbp, 0x7000-12
expect rsp, 0x7000-12
expect_memory 0x800, 2, here-0x7c00
expect_memory 0x802, 4, 0xffff0ff2
expect_memory 0x806, 2, behind-0x7c00
expect_memory 0x808, 4, 0xffff0ff8

    mov word ptr [4], offset note_it
    mov eax, offset here
    mov dr1, eax
    mov eax, 0x12345
    mov dr3, eax
    mov eax, 0x10000088                 # DR1 on execution, DR3 on writes.
    mov dr7, eax
    mov si, 0x800
    .byte 0xea                          # jmp 0x7c0:here-0x7c00
    .word here - 0x7c00, 0x7c0
here:
    mov ax, 0x1234
    mov ds, ax
    mov [5], al
behind:
    mov al, [5]
    mov eax, 0x10000088
    hlt
note_it:                                # IP and DR6.
    mov bp, sp
    push eax
    mov ax, [bp]
    mov ss:[si], ax
    mov eax, dr6
    mov ss:[si + 2], eax
    add si, 6
    pop eax
    push 1                              # An image of 32 bits, with RF.
    push [bp + 4]
    push 0
    push [bp + 2]
    push 0
    push [bp]
    iretd
