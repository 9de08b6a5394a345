# The frame that an interrupt pushes over code changes that code: a routine that ran before is then made of the frame's bytes
# (Intel SDM Vol. 3, 8.1.3; IRETQ serializes).

.include "x86/long64/privileged/attempts.inc"

.set routine_place, 0x7000 - 40                 # Where the handler's frame begins: RIP, CS, RFLAGS, RSP, SS

    catch_exceptions
    mov dword ptr [routine_place], 0xc3c0ff     # inc eax; ret
    mov eax, 4
    call routine_place
    must_equal eax, 5
    enter_level 3
frame_ends_here:
    leave_level
    mov dword ptr [routine_place + 4], 0x90c3c8ff       # dec eax; ret
    mov ecx, [routine_place]                    # The frame's RIP, whose bytes are now code.
    must_equal ecx, (frame_ends_here + 2)
    mov byte ptr [routine_place], 0x90
    mov byte ptr [routine_place + 1], 0x90
    mov word ptr [routine_place + 2], 0x9090
    call routine_place
    must_equal eax, 4
    finish
