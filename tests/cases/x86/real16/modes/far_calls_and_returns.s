# Far CALL and RET in real mode: two words, or two doublewords with an operand-size prefix, of which the upper
# selector half is ignored; CS's base is the selector times 16, and RET n drops its bytes behind the frame (Intel
# SDM Vol. 2).

expect rax, 0x7c0
expect rbx, 0x6ffc
expect rcx, 0x7c0
expect rdx, 0x6ff8
expect rsp, 0x7000
expect rip, end

    call 0x7c0:narrow - 0x7c00
    .byte 0x66, 0x9a            # call, with doublewords
    .long wide - 0x7c00
    .word 0x7c0
    push 0x1111                 # dropped
    push 0x2222
    push dword ptr 0xabcd0000
    push dword ptr offset end
    .byte 0x66, 0xca, 4, 0      # retf 4, with doublewords
wrong:
    hlt
end:
    hlt
narrow:
    mov ax, cs
    mov bx, sp
    retf
wide:
    mov cx, cs
    mov dx, sp
    .byte 0x66, 0xcb            # retf, with doublewords
