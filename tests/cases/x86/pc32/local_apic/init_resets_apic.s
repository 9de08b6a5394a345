# INIT resets the local APIC's registers, and takes back what was requested; IA32_APIC_BASE stays (Intel SDM Vol. 3,
# 11.4.7.3). The handler of the #UD at the reset vector looks at them in x2APIC mode, which can be done in real mode.

expect cs, 0x1000
.irp segment, ds, es, fs, gs, ss
expect \segment, 0
.endr
expect cr0, 0x10
expect cr4, 0
expect efer, 0
expect rsp, 0xfffa
expect rax, 0
expect rbx, 0xfee00900
expect rcx, 0x82f
expect rsi, 0xff
expect rdi, masked
expect rbp, 0

    mov dword ptr [invalid_opcode * 4], 0x10000000
    add dword ptr [invalid_opcode * 4], offset handler - case_start
    mov dword ptr [apic_task_priority], 0x50
    mov dword ptr [apic_lvt_error], 0xe5
    self_ipi 0x41
    mov dword ptr [apic_initial_count], 1000
    send_ipi 0, deliver_init
    hlt
    .code16
handler:
    mov ecx, msr_apic_base
    rdmsr
    mov ebx, eax
    or eax, 0x400
    wrmsr
    mov ecx, x2apic + 0x0f
    rdmsr
    mov esi, eax
    mov ecx, x2apic + 0x37
    rdmsr
    mov edi, eax
    xor ebp, ebp
    mov cl, 0x08                # The task priority, and 20H to 27H, the requests.
    rdmsr
    or ebp, eax
    mov cl, 0x22
    rdmsr
    or ebp, eax
    mov cl, 0x38                # The timer's count.
    rdmsr
    or ebp, eax
    mov cl, 0x2f
    xor eax, eax
    xor edx, edx
    hlt
