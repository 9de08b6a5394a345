# An interrupt through a 16-bit gate pushes FLAGS, CS and IP as words and takes IP from the gate's low word,
# whatever its reserved upper word holds; an interrupt gate clears IF, a trap gate does not (Intel SDM Vol. 3,
# 6.12.1 and 21.4).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rflags, IF|CF|2
expect rflags, IF|CF
expect rax, CF|2
expect rbx, IF|CF|2
expect rcx, 0x1efffa

    put_code16
    put_gate 0x40, handler-code_origin, interrupt_gate16, code16
    put_gate 0x41, trap_handler-code_origin, trap_gate16, code16
    mov word ptr [interrupt_table + 0x40 * 8 + 6], 0xdead
    put_descriptor 0x60, 0x0000ffff, 0x00409b00         # 32-bit, limit FFFF, so that IP is EIP
    mov esi, code_origin
    mov edi, 0
    mov ecx, 0x100
    rep movsb
    stc
    jmp 0x60:low - code_origin
low:
    int 0x40
    int 0x41
end:
    hlt
    .code16
handler:
    mov ecx, esp
    pushf
    pop ax
    iret
trap_handler:
    pushf
    pop bx
    iret

expect cs, 0x60
expect rip, end-code_origin
expect rsi, code_origin+0x100
expect rdi, 0x100
