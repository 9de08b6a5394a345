# A routine that a second one, called in between, changes: a loop that calls both sees every change, whichever way it came to
# the first (Intel SDM Vol. 3, 11.6).

given rcx, 100
expect rcx, 0
expect rax, 4950
expect rflags, ZF|PF
undefined AF

again:
    call adder
    call changer
    dec ecx
    jnz again
    hlt
    .balign 64
adder:
    .byte 0x83, 0xc0, 0x00                      # add eax, 0
    jmp adder_goes_on
    .balign 64
adder_goes_on:
    ret
    .balign 64
changer:
    inc byte ptr [rip + adder + 2]
    ret
