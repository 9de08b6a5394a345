# A 16-bit gate to an inner level pushes SS and SP of the program as words; the stack is that of the 32-bit TSS all
# the same (Intel SDM Vol. 3, 6.12.1 and 21.4).

.include "x86/prot32/faults.inc"

descriptor low_code, 0x9b, 0xfffff, image
descriptor low_user, 0xfb, 0xfffff, image
faults breakpoint, after
ends_in_user_code
expect rax, 0x7000-10
expect_memory 0x7000-10, 6, 0x200000000+((low_user+3)<<16)+back-image_start
expect_memory 0x7000-4, 4, (user_data<<16)

    gate 0x40, handler, 0xe6, low_code
    enter_user
    xor eax, eax
    push 2
    popfd
    ljmp low_user:low-image_start
low:
    int 0x40
back:
    hlt
handler:
    keep_inner_stack
    mov eax, esp
    push user_data
    push 0x1e0000
    push 2
    push user_code32
    push offset outside
    iretd
outside:
    int3
after:
