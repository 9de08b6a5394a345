# POP SS does not trap when it is stepped, the instruction behind it does; POP ES traps, and so does POPFD that clears TF (Intel
# SDM Vol. 3, 6.8.3 and 17.3.1.4).

.include "x86/prot32/faults.inc"

expect rbx, 0x2000c
expect rax, third
expect_memory 0x20000, 4, first
expect_memory 0x20004, 4, second
expect_memory 0x20008, 8, third

    gate debug_exception, note_it
    mov ebx, 0x20000
    push 2
    push kernel_data
    push kernel_data
    push TF|2
    popfd
    pop ss
    nop
first:
    pop es
second:
    popfd
third:
    hlt
.pushsection .text, 3
note_it:
    mov eax, [esp]
    mov [ebx], eax
    add ebx, 4
    iretd
.popsection
