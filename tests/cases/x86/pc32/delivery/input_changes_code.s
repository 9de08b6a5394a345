# What INS stores runs as code, like any other store: the instruction behind it, which has been executed and decoded
# before (Intel SDM Vol. 3, 9.1.3; the jump is what that asks for). The byte is an immediate from the keyboard
# controller.

expect rcx, 0x5a
expect rbx, 0x10

    connect_keyboard
    mov esi, 2
    mov edx, 0x60
    mov ebx, 0x10
again:
    push edi
    mov edi, offset patched + 1
    cmp esi, 1
    jne 1f
    raise_irq1
    insb
    jmp 1f
1:  pop edi
patched:
    mov ecx, 0x10
    dec esi
    jz done
    mov ebx, ecx
    jmp again
done:
    xor edx, edx
    finish
