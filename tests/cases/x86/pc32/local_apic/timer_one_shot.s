# In one-shot mode the timer interrupts once, when the count reaches 0, where it stays; the initial count remains to be
# read, and writing it starts the timer anew, also while it runs (Intel SDM Vol. 3, 11.5.4).

expect rbx, 1000
expect rcx, 0
expect rdx, 1
expect_log 0x41, 1, 0x41

    log_interrupts end_apic, 0x41
    mov dword ptr [apic_lvt_timer], 0x41
    mov dword ptr [apic_initial_count], 1000
    sti
    hlt
    cli
    mov ebx, [apic_initial_count]
    mov ecx, [apic_current_count]
    log 1
    mov dword ptr [apic_initial_count], 1000000
    mov dword ptr [apic_initial_count], 1000
    mov eax, [apic_current_count]
    xor edx, edx
    cmp eax, 1001
    setb dl
    sti
    hlt
    finish
