# In 64-bit mode the bases and limits of DS, ES and SS are ignored but loaded: compatibility mode then uses them
# (Intel SDM Vol. 3, 3.2.4 and 5.3.1).

given gdtr_limit, 0x5f
faults general_protection, fault
expect cs, kernel_code32
expect ds, 0x58
expect rax, 0x11111111
expect rbx, 0x22222222
expect rcx, 0x58
expect_memory 0x20010, 4, 0x22222222

    mov dword ptr [0x658], 0x00000fff   # limit fff, base 20000
    mov dword ptr [0x65c], 0x00409302
    mov ecx, 0x58
    mov ds, ecx
    mov dword ptr [0x8010], 0x11111111
    mov dword ptr [0x20010], 0x22222222
    mov eax, [0x8010]
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    mov ebx, [0x10]
fault:
    mov ebx, [0xffd]
    hlt
