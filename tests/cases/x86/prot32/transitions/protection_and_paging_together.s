# PE cannot be cleared while PG stays: #GP(0). Clearing both in one write is a way to real mode (Intel SDM Vol. 2B,
# MOV - Move to Control Registers).

.include "x86/prot32/fault_log.inc"

given cr4, 0x10                 # PSE
expect cr0, 0x10032
expect cr3, 0x8000
expect rax, 0x10032
expect rdx, 0x5678
expect cs, kernel_code16
expect ds, 0x1000
expect ds_base, 0x10000
expect rip, end-code_origin
expect_log 13

    log_faults 13
    mov dword ptr [0x8000], 0x83        # 4 MiB
    mov eax, 0x8000
    mov cr3, eax
    mov eax, 0x80010033
    mov cr0, eax
    mov eax, 0x80010032
    try mov cr0, eax
    mov esi, code_origin                # The rest goes on below 64 KiB.
    mov edi, 0
    mov ecx, offset end + 1 - code_origin
    rep movsb
    jmp kernel_code16:narrow - code_origin
    .code16
narrow:
    mov eax, 0x10032
    mov cr0, eax
    mov cx, 0x1000
    mov ds, cx
    mov dx, ds:[value - code_origin]
end:
    hlt
value:
    .word 0x5678

expect rcx, 0x1000
expect rsi, end+1
expect rdi, end+1-code_origin
