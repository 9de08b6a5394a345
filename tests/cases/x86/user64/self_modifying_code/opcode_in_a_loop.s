# A loop one of whose instructions becomes another one, of another length, each time round (Intel SDM Vol. 3, 11.6: a store
# through the linear address of the code needs no serialization).

given rcx, 8
expect rcx, 0
expect rax, 4*0x10
expect rbx, 4*0x01
expect rflags, ZF|PF
undefined AF

again:
    xor byte ptr [rip + patched], 0x04 ^ 0xb2   # add al, 0x10 becomes mov dl, 0x10, and the other way round.
patched:
    mov dl, 0x10
    xor byte ptr [rip + shorter], 0x90 ^ 0xf9   # NOP becomes STC.
    clc
shorter:
    nop
    adc ebx, 0
    dec ecx
    jnz again
    hlt
expect rdx, 0x10
