# With G clear the limit is the offset of the last byte, in bytes: an access of any size may end there and not one
# byte later (Intel SDM Vol. 3, 3.4.5 and 5.3).

.include "x86/prot32/faults.inc"

descriptor small, 0x93, 0x1234, 0x20000, 4
expect fs, small
expect rax, 0x44332211
expect_memory 0x21230, 8, 0x0044332211

    watch_faults
    mov eax, small
    mov fs, ax
    mov dword ptr fs:[0x1230], 0x44332211
    mov eax, fs:[0x1230]
    mov byte ptr fs:[0x1234], 0
    mov cl, fs:[0x1234]
    mov cx, fs:[0x1233]
    mov edx, fs:[0x1231]
    movq mm0, fs:[0x122d]
    movups xmm0, fs:[0x1225]
    xor ecx, ecx
    xor edx, edx
    xorps xmm0, xmm0
    refused general_protection, 0, mov cl, fs:[0x1235]
    refused general_protection, 0, mov cx, fs:[0x1234]
    refused general_protection, 0, mov edx, fs:[0x1232]
    refused general_protection, 0, movq mm0, fs:[0x122e]
    refused general_protection, 0, movups xmm0, fs:[0x1226]
    refused general_protection, 0, mov dword ptr fs:[0x1232], -1
    refused general_protection, 0, mov word ptr fs:[0xffff], -1
    refused general_protection, 0, inc byte ptr fs:[0x1235]
    refused general_protection, 0, mov cl, fs:[0x80001234]
    hlt
