# From CPL 3 through a 16-bit call gate: SS and SP of the caller, as many parameter words as the gate says, CS and
# IP go to the inner stack, all as words; RETF n goes back and drops the parameters on both stacks (Intel SDM Vol.
# 3, 5.8.5).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect cs, 0x73
expect ss, 0x7b
expect cpl, 3
expect rsp, 0x2000
expect rcx, 0x6ff4
expect rip, back-code_origin
.irp segment, ds, es, fs, gs
expect \segment, 0
.endr
expect rax, 0x730000+back-code_origin
expect rdx, 0x11112222
expect rbx, 0x7b1ffc

    put_code16
    put_descriptor 0x60, "offset routine - code_origin + (code16 << 16)", 0x0000e402
    put_descriptor 0x70, 0x0000ffff, 0x0000fb01         # 16-bit code, DPL 3
    put_descriptor 0x78, 0x0000ffff, 0x0000f300         # 16-bit data, DPL 3
    mov byte ptr [back - code_origin], 0xf4             # Where the runner looks for the HLT at CPL 3.
    push 0x7b
    push 0x2000
    push 2
    push 0x73
    push offset user - code_origin
    iretd
    .code16
user:
    push 0x1111
    push 0x2222
    call 0x60:0
back:
    hlt
routine:
    mov ecx, esp
    mov eax, [esp]
    mov edx, [esp + 4]
    mov ebx, [esp + 8]
    retf 4
