# Descriptors of the LDT are read as the supervisor, whoever loads the segment; LDS and POP that fault so change neither
# register (Intel SDM Vol. 3, 4.6.1 and 6.5).

.include "x86/prot32/paging/paging.inc"
given gdtr_limit, 0x5f
given rbx, window
expect rcx, 0
expect ldtr, 0x58

    watch_page_faults 32bit
    mov dword ptr [global_descriptors + 0x58], 0x10000fff       # An LDT at window + 0x1000.
    mov dword ptr [global_descriptors + 0x5c], 0x00008240
    push 0x58
    lldt [esp]
    pop eax
    mov dword ptr [window_page + 0x1008], 0x0000ffff
    mov dword ptr [window_page + 0x100c], 0x00cff200
    mov dword ptr [window_page + 0x2000], 0x11111111
    mov word ptr [window_page + 0x2004], 0xf
    mov byte ptr [window_pte + 4], present|writable
    flush_translations
    user_allowed "push 0xf; pop ds"
    mov byte ptr [window_pte + 4], 0
    flush_translations
    user_refused 0, window+0x1008, "lds ecx, [ebx + 0x2000]"
    user_refused 0, window+0x1008, "les ecx, [ebx + 0x2000]"
    user_refused 0, window+0x1008, "push 0xf; mov eax, esp; 1: pop fs"
    restarts 1b+user_alias, user_alias+0x1e0000-4
    user_refused 0, window+0x1008, "mov eax, 0xf; verr ax"
    user_refused 0, window+0x1008, "lcall 0xf, 0"
    mov eax, 0
    finish
