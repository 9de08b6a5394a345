# Breakpoints are linear addresses: the bases of CS and of the data's segment are in them (Intel SDM Vol. 3, 17.2.1).

.include "x86/prot32/faults.inc"

descriptor based_code, 0x9b, 0xfffff, image
descriptor based_data, 0x93, 0xfffff, 0x8000
expect cs, based_code
expect es, based_data
expect rax, 0xffff0ff4
expect rbx, 0x20018
expect rcx, 0
expect_memory 0x20008, 4, here-image_start
expect_memory 0x2000c, 4, 0xffff0ff1
expect_memory 0x20010, 4, behind-image_start
expect_memory 0x20014, 4, 0xffff0ff4

    gate debug_exception, note_it
    mov eax, offset here
    mov dr0, eax
    mov eax, 0x20004
    mov dr2, eax
    mov eax, 0x03000011
    mov dr7, eax
    mov ebx, 0x20008
    ljmp based_code:here-image_start
here:
    mov eax, based_data
    mov es, eax
    mov ecx, es:[0x18004]                   # 0x20004
behind:
    mov ecx, [0x18004]
    hlt
.pushsection .text, 3
note_it:                                    # EIP and DR6.
    mov eax, [esp]
    mov [ebx], eax
    mov eax, dr6
    mov [ebx + 4], eax
    add ebx, 8
    or byte ptr [esp + 10], 1               # RF
    iretd
.popsection
