# A 16-bit TSS holds SP and SS of the inner levels as words, from offset 2: an interrupt from CPL 3 takes them,
# zero-extended (Intel SDM Vol. 3, 7.6).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect cs, kernel_code32
expect ss, kernel_data
expect rsp, 0x9000-20
expect tr, 0x68
expect rip, end
.irp segment, ds, es, fs, gs
expect \segment, 0
.endr
expect_memory 0x9000-4, 4, user_data
expect_memory 0x9000-8, 4, 0x1e0000
expect_memory 0x9000-16, 4, 0x63

    put_descriptor 0x60, 0x0000ffff, 0x00cffb00
    put_descriptor 0x68, 0x8000002b, 0x00008102         # a TSS at 28000
    mov dword ptr [0x28002], (kernel_data << 16) | 0x9000
    mov eax, 0x68
    ltr ax
    lea eax, [handler]
    mov word ptr [interrupt_table + 3 * 8], ax
    shr eax, 16
    mov word ptr [interrupt_table + 3 * 8 + 6], ax
    push user_data
    push 0x1e0000
    push 2
    push 0x63
    push offset user
    iretd
user:
    int3
handler:
    mov eax, 0
end:
    hlt
