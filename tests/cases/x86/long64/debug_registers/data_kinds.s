# R/W 01 traps on writes alone, 11 on reads as well; neither on the fetch of an instruction. Reading and writing at once, as
# by INC, is a write (Intel SDM Vol. 3, 17.2.4).

.include "x86/long64/event_log.inc"

.set writes, 0x000d0000
.set reads_and_writes, 0x000f0000

    log_events debug_exception
    mov ebx, 0x20000
    mov byte ptr [rbx], 0xc3            # RET
    mov dr0, rbx
    mov eax, writes | 1
    mov dr7, rax
    mov ecx, [rbx]
    cmp byte ptr [rbx], 0
    call rbx
    traps debug_exception, 1, mov [rbx], ecx
    traps debug_exception, 1, inc dword ptr [rbx + 3]
    mov eax, reads_and_writes | 1
    mov dr7, rax
    call rbx
    traps debug_exception, 1, mov ecx, [rbx]
    traps debug_exception, 1, cmp byte ptr [rbx], 0
    traps debug_exception, 1, mov [rbx], ecx
    prefetcht0 [rbx]
    lea ecx, [rbx]

expect rax, reads_and_writes|1
expect rbx, 0x20000
expect rcx, 0x20000
undefined CF|PF|AF|ZF|SF|OF
    all_logged
