# To read or write an address of the page where there is no register is an error, bit 7; every defined register can be
# accessed without (Intel SDM Vol. 3, 11.4.1 and 11.5.3). 3F0H is x2APIC's self-IPI register, reserved in xAPIC mode.

expect rbx, 0
expect_log 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80

    .irp offset, 0x20, 0x30, 0x80, 0x90, 0xa0, 0xc0, 0xd0, 0xe0, 0xf0, 0x100, 0x170, 0x180, 0x1f0, 0x200, 0x270, 0x280
    mov eax, [local_apic + \offset]
    .endr
    .irp offset, 0x300, 0x310, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370, 0x380, 0x390, 0x3e0
    mov eax, [local_apic + \offset]
    .endr
    call errors
    mov ebx, eax
    .irp offset, 0x00, 0x10, 0x40, 0x3a0, 0x3f0, 0xff0
    mov eax, [local_apic + \offset]
    call errors
    log al
    .endr
    .irp offset, 0x40, 0x3f0
    mov dword ptr [local_apic + \offset], 0
    call errors
    log al
    .endr
    finish
errors:
    mov dword ptr [apic_error_status], 0
    mov eax, [apic_error_status]
    ret
