# The frame that an interrupt pushes over code changes it. A 16-bit gate pushes FLAGS, CS and IP: six bytes that make the rest
# of MOV ECX, CS:IP and, with the flags that are set, RET (Intel SDM Vol. 3, 6.12.1 and 11.6).

.set frame, 0x9002
.set interrupt_place, 0x8000                    # A 16-bit offset is pushed,
.set handler_place, 0x8100                      # and is what the gate holds.

expect rbx, 0x11111111
expect rcx, kernel_code32<<16|(interrupt_place+2)
expect rsp, 0x1f0000
undefined CF|PF|AF|ZF|SF|OF

    mov dword ptr [interrupt_table + 0x20 * 8], kernel_code32 << 16 | handler_place
    mov dword ptr [interrupt_table + 0x20 * 8 + 4], 0x8600
    mov word ptr [interrupt_place], 0x20cd      # int 0x20
    mov word ptr [handler_place], 0xe6ff        # jmp esi
    mov dword ptr [frame - 1], 0x111111b9
    mov word ptr [frame + 3], 0xc311
    mov edi, frame - 1
    call edi
    mov ebx, ecx
    mov esi, offset back
    push SF|ZF|CF|2
    popfd
    mov ebp, esp
    mov esp, frame + 6
    mov eax, interrupt_place
    jmp eax
back:
    mov esp, ebp
    call edi
    xor eax, eax
    xor ebp, ebp
    xor esi, esi
    xor edi, edi
    hlt
