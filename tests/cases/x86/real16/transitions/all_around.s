# Real mode, 16-bit and 32-bit protected mode, PAE paging, compatibility and 64-bit mode, and the whole way back;
# each leaves a byte behind (Intel SDM Vol. 3, 9.8.5 and 9.9).

expect cr0, 0x60000010
expect cr3, page_map_level4
expect efer, 0
expect rax, 0
expect rcx, 0xc0000080
expect rip, end
expect_memory 0x800, 9, 0x0807060504030201, 9

.macro mark number
    mov byte ptr [0x800 + \number - 1], \number
.endm
.macro change_cr0 instruction, bit
    mov eax, cr0
    \instruction eax, \bit
    mov cr0, eax
.endm
.macro change_lme instruction
    mov ecx, 0xc0000080
    rdmsr
    \instruction eax, 8
    wrmsr
.endm

    mark 1
    change_cr0 bts, 0
    jmp kernel_code16:protected16
protected16:
    mov ax, kernel_data16
    mov ds, ax
    mark 2
    jmp kernel_code32:protected32
    .code32
protected32:
    mark 3
    mov dword ptr [0x8000], page_directory + 1
    mov eax, 0x8000
    mov cr3, eax
    change_cr0 bts, 31
    mark 4
    change_cr0 btr, 31
    mov eax, page_map_level4
    mov cr3, eax
    change_lme bts
    change_cr0 bts, 31
    mark 5
    jmp kernel_code64:wide
    .code64
wide:
    mark 6
    push kernel_code32
    push offset compatible
    retfq
    .code32
compatible:
    mark 7
    change_cr0 btr, 31
    change_lme btr
    mark 8
    jmp kernel_code16:back16
    .code16
back16:
    change_cr0 btr, 0
    jmp 0:real
real:
    mov ax, 0
    mov ds, ax
    mark 9
    mov eax, 0
end:
    hlt

undefined CF|PF|AF|ZF|SF|OF
