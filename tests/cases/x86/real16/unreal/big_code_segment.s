# CS with a limit of 4 GiB, from a 16-bit code segment of protected mode: in real mode 32-bit branches reach beyond
# 64 KiB, as long as CS is not loaded (Intel SDM Vol. 3, 3.4.3 and 9.9.2).

.include "x86/real16/unreal/unreal.inc"

expect rax, 0x60000010
expect cs, 0x58
expect es, kernel_data
expect rip, 0x120003
expect rcx, 0x34
expect rdx, 0x120001

    descriptor 0x58, 0x0000ffff, 0x008f9b00     # G, not D
    set_protection
    jmp 0x58:big
big:
    mov ax, kernel_data
    mov es, ax
    clear_protection
    mov edx, 0x120000
    mov dword ptr es:[edx], 0xf434b190          # nop; mov cl, 0x34; hlt
    inc edx
    .byte 0x66, 0xff, 0xe2                      # jmp edx
