# Which of the MSRs 800H to 83FH can be read, and which can be written with 0; all others up to 8FFH raise #GP (Intel
# SDM Vol. 3, table 11-6). There are six LVT entries, and so no CMCI register, 82FH.

.set readable, 1 << 2 | 1 << 3 | 1 << 8 | 1 << 0xa | 1 << 0xd | 1 << 0xf | 0x1ffffff << 0x10
.set readable, readable | 1 << 0x30 | 0x3f << 0x32 | 1 << 0x38 | 1 << 0x39 | 1 << 0x3e
.set writable, 1 << 8 | 1 << 0xb | 1 << 0xf | 1 << 0x28 | 1 << 0x30 | 0x3f << 0x32 | 1 << 0x38 | 1 << 0x3e | 1 << 0x3f
expect_memory results, 16, readable, 0
expect_memory results + 16, 16, 0, 0
expect_memory results + 32, 16, writable, 0
expect_memory results + 48, 16, 0, 0

    gate general_protection, refused
    enter_x2apic
    xor ebx, ebx
next:
    lea ecx, [rbx + x2apic]
    mov esi, 1
    lea r15, [rip + 1f]
    rdmsr
1:  test esi, esi
    jz 1f
    bts [results], ebx
1:  mov esi, 1
    lea r15, [rip + 1f]
    xor eax, eax
    xor edx, edx
    wrmsr
1:  test esi, esi
    jz 1f
    bts [results + 32], ebx
1:  inc ebx
    cmp ebx, 0x100
    jb next
    xor ebx, ebx
    xor esi, esi
    clear_scratch
    finish
refused:
    xor esi, esi
    mov [rsp + 8], r15
    add rsp, 8
    iretq
