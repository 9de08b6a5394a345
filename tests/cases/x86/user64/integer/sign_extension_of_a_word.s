# MOVSXD with an operand of 16 bits moves a word, and on Intel's CPUs reads no more of memory: also the last one of a page in
# front of one that is not there (Intel SDM Vol. 2B, MOVSXD).
maker intel

given rbx, unmapped-2
given rcx, 0xffff
expect rax, 0x8001
expect rcx, 0

    mov word ptr [rbx], 0x8001
.byte 0x66, 0x63, 0x03                          # movsxd ax, [rbx]
.byte 0x66, 0x63, 0x4b, 0xfe                    # movsxd cx, [rbx - 2]
    hlt
