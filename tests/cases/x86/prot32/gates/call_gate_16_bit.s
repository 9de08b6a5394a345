# A 16-bit call gate copies words, pushes words, and has an offset of 16 bits: the upper word of the gate means
# nothing (Intel SDM Vol. 3, 5.8.3 and 21.4).

.include "x86/prot32/faults.inc"

descriptor low_code, 0x9b, 0xfffff, image
descriptor low_user, 0xfb, 0xfffff, image
call_gate inner, low_code, callee, 0xe4, 2, 0xffff
.set inner_gate, inner + 3
ends_in_user_code
expect rax, 0x7000-12
expect rcx, low_code
expect_memory 0x7000-4, 4, user_data*0x10000+0xfffc
expect_memory 0x7000-8, 4, 0x22221111
expect_memory 0x7000-12, 4, (low_user+3)*0x10000+back-image_start

    enter_user user_data, 0x1e0000
    ljmp low_user:low-image_start
low:
    push 0x22221111
    lcall inner_gate:0
back:
    mov esp, 0x1e0000                       # The words say nothing of its upper half.
    ljmp user_code32:end
end:
    hlt
callee:
    keep_inner_stack
    mov eax, esp
    mov ecx, cs
    data16 retf 4
