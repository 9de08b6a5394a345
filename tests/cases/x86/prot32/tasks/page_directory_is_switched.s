# With paging on a switch loads CR3 from the new TSS, before the new task's segments are read; CR3 is never saved
# (Intel SDM Vol. 3, 7.3 and 7.5).

.include "x86/prot32/tasks/task.inc"

task other, there, cr3=0x31000
given cr4, 0x10                             # PSE, no PAE
expect cr0, 0x80010033+TS
expect cr3, 0x31000
expect tr, other
expect rsp, 0x1c0000
expect rax, 0x22222222
expect_memory 0x20000, 4, 0x11111111
expect_memory first_tss+tss_cr3, 4, 0xdddddddd

    mov dword ptr [first_tss + tss_cr3], 0xdddddddd
    mov dword ptr [0x30000], 0x83           # 0 to 4 MiB onto itself in both directories.
    mov dword ptr [0x31000], 0x83
    mov dword ptr [0x30004], 0x32003        # 4 MiB is 34000H in one, 35000H in the other.
    mov dword ptr [0x31004], 0x33003
    mov dword ptr [0x32000], 0x34003
    mov dword ptr [0x33000], 0x35003
    mov dword ptr [0x34000], 0x11111111
    mov dword ptr [0x35000], 0x22222222
    mov eax, 0x30000
    mov cr3, eax
    mov eax, cr0
    or eax, 0x80000000
    mov cr0, eax
    mov eax, [0x400000]
    mov [0x20000], eax
    ljmp other:0
there:
    mov eax, [0x400000]
    hlt
