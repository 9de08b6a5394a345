# CPL 3 may call a TSS of DPL 3 directly; CPL becomes the RPL of the new CS, whatever the old level was, and IRET
# brings the old one back (Intel SDM Vol. 3, 7.3).

.include "x86/prot32/tasks/task.inc"

task other, there, access=0xe9
ends_in_user_code
expect cr0, 0x10033+TS
expect rax, 0x55

    enter_user
    mov eax, 0x55
    lcall other:0
    hlt
there:
    cli                                     # CPL 0
    mov eax, 0x66
    iretd
