# Status flags outlive x87 instructions, whatever the memory that these access (Intel SDM Vol. 1, 8.1.2); FCMOV uses them,
# FCOMI sets them all.

given rbx, 0x20000
given rcx, 5
expect rcx, 5
expect rdx, 0x0f
expect rflags, CF|2
expect ftw, 0x80
expect st0, 0xa000000000000000, 0x4001      # 5.0
expect_memory 0x20008, 8, 0x4014000000000000

    mov [rbx], rcx
    cmp ecx, 6                  # CF, SF, AF, PF
    fild qword ptr [rbx]
    jae 1f
    or dl, 1
1:  cmp ecx, 5
    fst qword ptr [rbx + 8]
    fild dword ptr [rbx]
    sete al
    fldz
    fcmovne st, st(1)           # Not taken.
    fcomi st, st(1)             # 0 < 5
    fstp dword ptr [rbx + 16]
    jnb 1f
    lea edx, [rdx + rax * 2]
1:  fcomip st, st(1)            # Equal.
    fst qword ptr [rbx + 8]
    jne 1f
    or dl, 4
1:  test ecx, ecx
    fldz
    fcmovne st, st(1)
    fcomip st, st(1)
    jne 1f
    or dl, 8
1:  xor eax, eax
    fldz
    fcomip st, st(1)
    hlt
