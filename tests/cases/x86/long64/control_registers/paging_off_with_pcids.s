# In compatibility mode CR0.PG can be cleared, which leaves long mode, unless CR4.PCIDE is set: then #GP(0) (Intel SDM
# Vol. 3, 4.10.1 and 9.8.5.4).

.include "x86/long64/privileged/attempts.inc"

expect cr0, 0x00010033
expect efer, 0x901
expect cs, kernel_code32
expect rax, 0x40620
expect rbx, 0x10033
expect ds, user_data
expect es, user_data
expect ss, kernel_data
expect rsp, attempts_stack
undefined CF|PF|AF|ZF|SF|OF

    catch_exceptions
    mov rax, cr4
    bts rax, 17
    mov cr4, rax
    mov ebx, 0x00010033
    attempt protection, mov cr0, rbx
    enter_level 0, code=kernel_code32
    .code32
    attempt protection, mov cr0, ebx
    mov eax, cr4
    btr eax, 17
    mov cr4, eax
    attempt no_exception, mov cr0, ebx
attempts_end:
    hlt
