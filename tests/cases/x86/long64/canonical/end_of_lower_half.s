# Behind an instruction that ends with the last byte of the lower half comes an address that is not canonical: #GP(0), with that
# address pushed. An instruction that crosses the boundary faults at itself (Intel SDM Vol. 3, table 6-2; AMD APM Vol. 2, 5.3.1).

.include "x86/long64/event_log.inc"

    log_events general_protection
    mov dword ptr [page_map_level4 + 255 * 8], 0x34007      # The last page of the half is at 0x37000.
    mov dword ptr [0x34ff8], 0x35007
    mov dword ptr [0x35ff8], 0x36007
    mov dword ptr [0x36ff8], 0x37007
    mov rbx, 0x7ffffffffffe
    mov word ptr [rbx], 0xc8ff                              # dec eax
    mov qword ptr [event_log_resume], offset behind
    jmp rbx
behind:
    logged general_protection, 0, 0x800000000000
    mov byte ptr [rbx + 1], 0xb8                            # mov eax, ...
    inc rbx
    mov qword ptr [event_log_resume], offset end
    jmp rbx
end:
    logged general_protection, 0, 0x7fffffffffff

expect rax, 0xffffffff
expect rbx, 0x7fffffffffff
undefined CF|PF|AF|ZF|SF|OF
    all_logged
