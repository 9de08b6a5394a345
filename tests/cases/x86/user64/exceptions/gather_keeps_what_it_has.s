# A gather that faults keeps the elements before and has cleared their masks; those from the fault on it leaves (Intel SDM
# Vol. 2C, VPGATHERDD).

maker amd
given rbx, 0x20000
given ymm0, 0, 0, 7, 8
given ymm1, 0x8000000080000000, 0x0000000080000000
given ymm2, 0x0000000400000000, unmapped-0x20000
faults page_fault, fault, 4
expect cr2, unmapped
expect ymm0, 0x6666666655555555, 0, 7, 8
expect ymm1, 0, 0x0000000080000000, 0, 0
expect rax, 0x6666666655555555

    mov rax, 0x6666666655555555
    mov [rbx], rax
fault:
    vpgatherdd xmm0, [rbx + xmm2], xmm1
    hlt
