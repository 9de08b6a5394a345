# Setting EFER.LME while paging is on: #GP(0), and EFER stays as it was (Intel SDM Vol. 3, 9.8.5.3).

faults general_protection, fault
expect cr0, 0x80010033
expect cr3, 0x8000
expect rax, 0x900
expect rcx, 0xc0000080

    mov dword ptr [0x8000], page_directory + 1      # PAE paging
    mov eax, 0x8000
    mov cr3, eax
    mov eax, 0x80010033
    mov cr0, eax
    mov ecx, 0xc0000080
    mov eax, 0x900
fault:
    wrmsr
