# Segment types and limits are checked in compatibility mode and not in 64-bit mode: a null DS, and a store through
# read-only data, work in the one and are #GP(0) in the other (Intel SDM Vol. 3, 5.3.1).

given gdtr_limit, 0x5f
faults general_protection, fault
expect cs, kernel_code32
expect ds, 0
expect es, 0x58
expect rax, 0x5a
expect rcx, 0x58
expect_memory 0x20000, 1, 0x5a

    mov dword ptr [0x658], 0x0000ffff
    mov dword ptr [0x65c], 0x00cf9100   # read-only
    xor ecx, ecx
    mov ds, ecx
    mov ecx, 0x58
    mov es, ecx
    mov byte ptr [0x20000], 0x5a
    mov es:[0x20000], cl
    mov byte ptr es:[0x20000], 0x5a
    mov al, [0x20000]
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    mov al, es:[0x20000]
fault:
    mov es:[0x20000], al
    hlt

undefined PF|ZF|CF|SF|OF|AF
