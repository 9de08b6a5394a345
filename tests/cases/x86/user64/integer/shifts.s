# SHL, SHR and SAR: the count is masked to the operand, a count of 0 leaves the flags, CF is the last bit out
# (Intel SDM Vol. 2B, SAL/SAR/SHL/SHR).

given rax, 0x8000000000000001
given rbx, 0x8000000000000001
given rdx, 0x80000001
given rcx, 33
expect rax, 2
expect rbx, 0xc000000000000000
expect rdx, 0x00000002
expect r8, 0x40000000
expect r9, 1
expect r10, 1

    shl rax, 1                  # CF = 1, OF = 1
    seto r9b
    setc r10b
    sar rbx, 1                  # CF = 1, OF = 0
    shl edx, cl                 # by 1
    mov r8d, 0x80000001
    shr r8d, 1
    stc
    mov cl, 64
    shl r8, cl                  # by 0: flags stay
    mov cl, 33
    test r8d, 0x7               # what SHR leaves undefined is defined again
    stc
    hlt

expect rflags, CF|ZF|PF
undefined AF
