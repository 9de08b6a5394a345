# A string store whose destination wraps from offset FFFF to 0 goes on at the segment's beginning, where the code that runs next
# lies (Intel SDM Vol. 1, 3.3.1; Vol. 3, 11.6).

given rdi, 0xfffd
expect rax, 0x40
expect rcx, 0
expect rdx, 0x7c0
expect rbx, 2
expect rdi, 5
expect es, 0x7c0
expect rip, end
expect_memory 0x17bfd, 3, 0x404040
undefined CF|PF|AF|ZF|SF|OF

routine:
    inc bx                                      # 0x43, 5 times; each becomes INC AX (0x40).
    .fill 4, 1, 0x43
    cmp dx, 0
    jne end
    mov dx, 0x7c0
    mov es, dx
    mov cx, 8
    mov bx, 2
    mov ax, 0x40
    rep stosb
    mov ax, 0x40 - 5
    jmp routine
end:
    hlt
