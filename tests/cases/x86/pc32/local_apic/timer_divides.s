# The divide configuration's bits 3, 1 and 0 choose 2, 4, 8, 16, 32, 64, 128 and, all set, 1 (Intel SDM Vol. 3, figure
# 11-10): by what the same count takes longer than with 1, in time of the TSC. Bit 2 is reserved and reads as 0.

expect rbx, 0xb
expect_log 2, 4, 8, 16, 32, 64, 128, 1

    gate 0x41, handler
    mov dword ptr [apic_lvt_timer], 0x41
    mov edx, 0xb
    call measure
    mov ebp, eax
    .irp code, 0, 1, 2, 3, 8, 9, 0xa, 0xb
    mov edx, \code
    call measure
    mov ecx, ebp
    shr ecx, 1
    add eax, ecx                # To round to the next.
    xor edx, edx
    div ebp
    log al
    .endr
    mov dword ptr [apic_divide], 0xf
    mov ebx, [apic_divide]
    xor ebp, ebp
    xor ecx, ecx
    xor edx, edx
    xor esi, esi
    finish
measure:                        # EAX: how long a count of 100000 takes.
    mov [apic_divide], edx
    rdtsc
    mov esi, eax
    mov dword ptr [apic_initial_count], 100000
    sti
    hlt
    cli
    rdtsc
    sub eax, esi
    ret
handler:
    end_apic
    iretd
