# The redirection bitmap is the 32 bytes below the I/O permission bitmap, wherever that lies in the TSS, one bit for
# each vector: only INT n whose own bit is clear is redirected (Intel SDM Vol. 3, 20.3.3.4 and figure 20-5).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|IOPL1
expect rax, 0x0a
expect_log 13, 13, 13, 13

    log_faults 13
    extend_task_state 0x200
    mov word ptr [0x6066], 0x120        # So the redirection bitmap is at 0x100.
    mov edi, 0x6000 + 0x100
    mov ecx, 8
    or eax, -1
    rep stosd
    xor edi, edi
    xor eax, eax
    btr dword ptr [0x6100], 0
    btr dword ptr [0x6104], 0x3f - 32
    btr dword ptr [0x611c], 31
    .irp vector, 0, 0x3f, 0xff
    mov word ptr [\vector * 4], offset handler - code_origin
    mov word ptr [\vector * 4 + 2], program_code
    .endr
    enter_program VM|IOPL1
    int 0
    int 0x3f
    int 0xff
    .irp vector, 1, 0x3e, 0x40, 0xfe
    try int \vector
    .endr
    add al, 7
    hlt
handler:
    inc ax
    iret

undefined PF
