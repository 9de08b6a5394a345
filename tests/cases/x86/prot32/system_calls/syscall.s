# SYSCALL and SYSRET outside of long mode: AMD's processors go to IA32_STAR[31:0] with IF and VM clear and ECX as the return
# address, and come back with IF set; they keep no flags in R11 and use no mask. Intel's raise #UD (AMD APM Vol. 2, 6.1.1;
# Intel SDM Vol. 2B, SYSCALL).

.include "x86/prot32/privileged/attempts.inc"

given star, 0x0078000800000000+kernel
given fmask, 0xffffffff

    catch_exceptions
    mov dword ptr [attempts_gdt_end], 0x0000ffff        # Data of level 3, behind the code of level 3
    mov dword ptr [attempts_gdt_end + 4], 0x00cff300
    attempt illegal, syscall                    # Without EFER.SCE
    attempt illegal, .byte 0x0f, 0x07           # sysret
    mov ecx, 0xc0000080
    mov eax, 1
    xor edx, edx
    wrmsr
    cmp byte ptr [attempts_is_amd], 0
    je intel
    enter_level 3, CF|DF|IF|2
    attempt protection, .byte 0x0f, 0x07
    syscall
back:
    pushfd
    pop eax
    must_equal eax, (CF|DF|IF|2)
    mov eax, cs
    must_equal eax, attempts_code3
    mov eax, ss
    must_equal eax, (attempts_gdt_end - 0x600 + 3)
    attempt protection, hlt
    leave_level
    jmp done
intel:
    attempt illegal, syscall
    attempt illegal, .byte 0x0f, 0x07
done:
    xor eax, eax
    mov ecx, 0xc0000080
    xor edx, edx
    wrmsr
    finish

kernel:
    pushfd
    pop ebx
    must_equal ebx, (CF|DF|2)
    must_equal ecx, back
    mov eax, cs
    must_equal eax, 8
    mov eax, ss
    must_equal eax, 16
    .byte 0x0f, 0x07
