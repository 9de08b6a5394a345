# An interrupt comes before the breakpoint on the instruction that it interrupts; that follows when the handler has
# returned, as the interrupt has pushed RF clear (Intel SDM Vol. 3, table 6-2 and 17.3.1.1).

.include "x86/pc64/interrupt_shadow/shadow.inc"

    prepare_interrupts
    gate debug_exception, note_breakpoint
    mov eax, offset stopped
    mov dr0, rax
    mov eax, 2
    mov dr7, rax
    pending
    sti
    nop
stopped:
    nop
    xor ecx, ecx
    xor edx, edx
    taken stopped
    taken stopped+0x100000000
    all_taken
note_breakpoint:
    mov rax, [rsp]
    bts rax, 32
    stosq
    or dword ptr [rsp + 16], 1 << 16        # RF
    iretq

expect dr6, 0xffff0ff1
