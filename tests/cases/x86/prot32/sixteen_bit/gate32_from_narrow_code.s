# 16-bit code that is interrupted through a 32-bit gate: doublewords, even on a 16-bit stack, and IRETD goes back to
# it with SP as before (Intel SDM Vol. 3, 6.12.1).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rsp, 0x55557000
expect ss, kernel_data16
expect cs, code16
expect rax, code16
expect rbx, after-code_origin
expect rcx, 0x55556ff4
expect rsp, 0x55557000
expect rdx, 2

    put_code16
    put_gate 0x40, handler-code_origin, 0x8e, kernel_code32
    mov word ptr [interrupt_table + 0x40 * 8 + 6], 1
    mov eax, kernel_data16
    mov ss, eax
    enter_code16
    int 0x40
after:
    hlt
    .code32
handler:
    mov ecx, esp
    pop ebx
    pop eax
    pop edx
    mov sp, cx
    iretd
