# LOOP and JCXZ count in CX, and with an address-size prefix in ECX (Intel SDM Vol. 2A, LOOP, Jcc). A 16-bit counter
# wraps without a borrow from the upper half.

given rcx, 0x50000
expect rcx, 0x4fffe
expect rax, 2
expect rbx, 1
expect rdx, 3

    jcxz taken                  # CX is 0
    hlt
taken:
    jecxz wrong                 # ECX is not
    mov ax, 2
    loop next                   # 0x5ffff: CX is not 0
    hlt
next:
    mov bx, 1
    mov ecx, 0x50000
    addr32 loop wide            # 0x4ffff
    hlt
wide:
    mov dx, 3
    addr32 loop end
wrong:
    hlt
end:
    hlt
expect rip, end
