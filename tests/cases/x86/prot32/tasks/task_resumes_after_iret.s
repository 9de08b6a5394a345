# A task that has left by IRET goes on behind the IRET when it is called again, with the registers that it had (Intel
# SDM Vol. 3, 7.3).

.include "x86/prot32/tasks/task.inc"

task counter, in_counter, eax=5
expect cr0, 0x10033+TS
expect_memory 0x20000, 3, 0x070605
expect_memory counter_tss+tss_eax, 4, 8
expect_memory counter_tss+tss_eip, 4, behind_iret

    lcall counter:0
    mov dword ptr [0x20010], 1
    lcall counter:0
    mov dword ptr [0x20010], 2
    lcall counter:0
    hlt
in_counter:
    mov ebx, [0x20010]
    mov [0x20000 + ebx], al
    inc eax
    iretd
behind_iret:
    jmp in_counter
