# IA32_PAT: each of its eight bytes is a memory type 0, 1, 4, 5, 6 or 7; anything else raises #GP(0) (Intel SDM Vol. 3,
# 11.12.2). After reset it is 0007040600070406.

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    mov ecx, 0x277
    rdmsr
    must_equal rax, 0x00070406
    must_equal rdx, 0x00070406
    xor r8d, r8d                                # The type
next_type:
    xor r9d, r9d                                # 8 times the entry
next_entry:
    mov rax, r8
    push rcx
    mov ecx, r9d
    shl rax, cl
    pop rcx
    mov rdx, rax
    shr rdx, 32
    mov eax, eax
    mov r10d, 0xf3                              # Types 0, 1, 4, 5, 6, 7
    cmp r8d, 8
    jae unsound
    bt r10d, r8d
    jnc unsound
    attempt no_exception, wrmsr
    jmp tried
unsound:
    attempt protection, wrmsr
tried:
    add r9d, 8
    cmp r9d, 64
    jb next_entry
    inc r8d
    cmp r8d, 256
    jb next_type
    mov eax, 0x00070406
    mov edx, eax
    wrmsr
    finish
