# The trap of a single step comes before an interrupt that is sent by the instruction stepped; its handler has IF
# clear, and the interrupt follows behind its IRETQ (Intel SDM Vol. 3, table 6-2).

.include "x86/pc64/interrupt_shadow/shadow.inc"

    prepare_interrupts
    gate debug_exception, note_trap
    mov ecx, x2apic + 0x3f                  # SELF IPI
    mov eax, 0x40
    xor edx, edx
    push IF|TF|2
    popfq
    wrmsr
stepped:
    cli
    xor ecx, ecx
    xor edx, edx
    taken stepped+0x100000000
    taken stepped
    all_taken
note_trap:
    mov rax, [rsp]
    bts rax, 32
    stosq
    and byte ptr [rsp + 17], ~(TF >> 8)
    iretq

expect dr6, 0xffff4ff0
