# INTO of CPL 3 needs a gate of DPL 3 when OF is set: otherwise #GP with the vector and the IDT bit. With OF clear it asks for
# nothing (Intel SDM Vol. 2A, INT n).

.include "x86/prot32/faults.inc"

expect rflags, OF|SF|PF|AF
faults overflow, end

    watch_faults
    enter_user
    mov byte ptr [interrupt_table + overflow * 8 + 5], 0x8e
    xor eax, eax
    into
    mov eax, 0x7fffffff
    inc eax
    refused general_protection, overflow*8+2, into
    mov byte ptr [interrupt_table + overflow * 8 + 5], 0xee
    mov eax, 0x7fffffff
    inc eax
    into
end:

expect rax, 0x80000000
    ends_in_user_code
