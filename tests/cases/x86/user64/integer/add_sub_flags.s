# ADD, SUB, CMP at the edges of their operand sizes (Intel SDM Vol. 1, 3.4.3.1). Each sum's flags are kept by LAHF and SETO.

given rbx, 0x7fffffffffffffff
given rcx, 0xffffffffffffff80
expect rbx, 0x8000000000000000
expect rcx, 0xffffffffffffff00
expect r8, 0x9601            # SF AF PF, and OF: one more than the largest
expect r9, 0x4701            # ZF PF CF, and OF: 0x80 + 0x80 is 0
expect r10, 0x9300           # SF AF CF: a borrow
expect rdx, 0xfffffffffffffffe
expect rax, 0x9701
expect rflags, SF|AF|PF|CF
expect retired, 18

    add rbx, 1
    lahf
    seto al
    mov r8d, eax
    mov dl, 0x80
    add cl, dl
    lahf
    seto al
    mov r9d, eax
    xor edx, edx
    sub rdx, 2
    lahf
    seto al
    mov r10d, eax
    mov eax, 0
    cmp eax, 1
    lahf
    mov al, 1
end:
    hlt
