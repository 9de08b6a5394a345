# CR0.ET is one whatever is written, and writes of reserved bits in the low half are ignored (Intel SDM Vol. 2B, MOV—Move
# to/from Control Registers; Vol. 3, 2.5).

expect cr0, 0x80000011
expect rax, 0x80000001
expect rbx, 0x8005003f
expect rcx, 0x80000011

    mov eax, 0x9fffffef                         # All but CD, NW and ET
    mov cr0, rax
    mov rbx, cr0
    mov eax, 0x80000001
    mov cr0, rax
    mov rcx, cr0
    hlt
