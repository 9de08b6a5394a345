# In the handler DS, ES, FS and GS hold null selectors and cannot be used: #GP (Intel SDM Vol. 3, 20.3.1.1). IRETD
# puts the program's back.

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3
expect_log 13, 13, 13, 13

    log_faults 13
    program_gate 0x80, handler
    enter_program VM|IOPL3
    int 0x80
    hlt
    .code32
handler:
    try mov eax, [0x20000]
    try mov eax, es:[0x20000]
    try mov eax, fs:[0x20000]
    try mov eax, gs:[0x20000]
    iretd
