# Real mode: a segment's base is its selector times 16; far calls push CS and IP; BP addresses the stack segment.

given rbp, 0x10
expect rax, 0x5678
expect rbx, 0x7c00>>4
expect es, 0x2000
expect rsp, 0x7000
expect rip, end
expect rdx, 0x6ffc
expect rcx, 0x5678
expect_memory 0x20010, 2, 0x5678

    mov ax, 0x2000
    mov es, ax
    mov ax, 0x5678
    mov es:[bp], ax
    call 0x7c0:routine - 0x7c00
    mov cx, es:[0x10]
end:
    hlt
routine:
    mov bx, cs
    mov dx, sp
    retf
