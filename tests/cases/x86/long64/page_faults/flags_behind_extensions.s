# A register from which flags follow is extended in itself (Intel SDM Vol. 2A, CBW/CWDE/CDQE, Vol. 2B, MOVSX and MOVZX), or loses
# what they follow from, and a load that crosses a page has come in between.

.set number, 0x20100
given rbx, 0x20ffe
given rsi, number
given rdi, 0
expect rbx, 0x20ffe
expect rsi, number
expect rdi, 0b10011101100110010110101001111011
expect rax, 0
expect rcx, 0
expect rdx, 0
expect_memory number, 4, 0x80000001
expect rflags, PF|ZF

# noted VALUE, CHANGE, EXTENSION: CF and SF behind two instructions that begin with VALUE in RAX, as two bits of RDI.
.macro noted value, change, extension
    mov rax, \value
    \change
    \extension
    mov edx, [rbx]
    setc dl
    sets dh
    movzx ecx, dl
    lea rdi, [rcx + rdi * 2]
    movzx ecx, dh
    lea rdi, [rcx + rdi * 2]
    jmp 1f
    .balign 64
1:
.endm

    mov dword ptr [rsi], 0x80000001
    noted 0x80000001, "add eax, [rsi]", cdqe               # 10
    noted 0, "add eax, [rsi]", cdqe                        # 01
    noted 1, "sub eax, 2", cdqe                            # 11
    noted 0x7fffffff, "add eax, 1", "movsxd rax, eax"      # 01
    noted 0x90, "add al, 0x90", "movzx eax, al"            # 10
    noted 0x80, "add al, 0x10", "movsx eax, al"            # 01
    noted 1, "add ax, 0xffff", cwde                        # 10
    noted 0xffffffff00000001, "add rax, 1", cdqe           # 01
    noted 0x80000000, "add eax, 1", "movzx eax, al"        # 01
    noted 0xfffffffe, "add eax, 3", "movzx eax, ah"        # 10
    noted 0x7fff, "add al, 1", "mov al, ah"                # 10
    noted 0xffffffffffffffff, "add eax, 2", "mov eax, eax" # 10
    noted 0xffffffffffffffff, "and eax, [rsi]", cdqe       # 01
    noted 0xc0000000, "shl eax, 1", cdqe                   # 11
    noted 0xff, "add al, 0x80", cbw                        # 10
    stc
    noted 0x7fffffff, "inc eax", cdqe                      # 11
    xor eax, eax
    mov ecx, 0
    mov edx, 0
    hlt
