# The bitmap is read as the supervisor, wherever the program is: where its page is missing the port access raises #PF with
# CR2 in the bitmap, and W/R and U/S clear (Intel SDM Vol. 3, 4.6.1: implicit supervisor-mode accesses).

.include "x86/long64/privileged/attempts.inc"

.set tss, unmapped - 0x68

    catch_exceptions
    mov dword ptr [attempts_gdt_end], (tss & 0xffff) << 16 | 0x1000
    mov dword ptr [attempts_gdt_end + 4], 0x8900 | tss >> 16
    mov dword ptr [tss + 4], 0x7000
    mov word ptr [tss + 0x66], 0x68
    mov eax, attempts_gdt_end - 0x600
    ltr ax
    enter_level 3
    attempt page_fault, in al, 0x20
    attempt page_fault, out 0x28, ax
    leave_level
    mov rax, cr2
    must_equal rax, (unmapped + 5)
    and byte ptr [page_table + 0x1ff * 8], ~4   # The TSS's page becomes the supervisor's, which does not matter.
    invlpg [tss]
    enter_level 3
    attempt page_fault, in al, 0x20
    leave_level
    mov rax, cr2
    must_equal rax, (unmapped + 4)
    finish
