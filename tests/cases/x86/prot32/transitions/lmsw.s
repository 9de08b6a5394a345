# LMSW loads MP, EM and TS and can set PE, but not clear it; it reaches no other bit of CR0 (Intel SDM Vol. 2A, LMSW).

expect cr0, 0x1003d
expect rax, 0x1003d
expect rcx, 0xfffc

    mov ecx, 0xfffc             # EM, TS; neither PE nor MP
    lmsw cx
    smsw eax
    hlt
