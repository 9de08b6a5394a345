# There is no virtual-8086 mode in IA-32e mode: IRETQ at CPL 0 ignores VM in the image, and loads VIF, VIP and IOPL
# (Intel SDM Vol. 3, 2.3.1; Vol. 2A, IRET).

expect rflags, 0x180000|3<<12|CF
expect rip, end

    mov eax, esp
    push kernel_data
    push rax
    push 0x1a0000|3<<12|CF|2
    push kernel_code64
    push offset end
    iretq
end:
    hlt

expect rax, 0x1f0000
