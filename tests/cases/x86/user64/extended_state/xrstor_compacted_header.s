# XRSTOR in the compacted form: XSTATE_BV may name no component that XCOMP_BV does not, and bytes 16 to 63 of the header are
# zero, or #GP(0) (Intel SDM Vol. 1, 13.8.2).

given rax, 3
given rbx, 0x20000
faults general_protection, fault

    mov dword ptr [rbx + 24], 0x1f80
    mov byte ptr [rbx + 512], 1                 # x87
    mov byte ptr [rbx + 520], 3
    mov byte ptr [rbx + 527], 0x80
    mov word ptr [rbx], 0x37f
    xrstor [rbx]
    mov byte ptr [rbx + 512], 4
fault:
    xrstor [rbx]
    hlt
