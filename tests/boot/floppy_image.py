"""Makes floppy disks with a FAT12 file system, and a boot sector that reads a file from it by the BIOS."""

import struct

import tiny_kernel

SECTOR = 512
FILE = b"MESSAGE TXT"
# KiB: tracks, sides, sectors of a track, sectors of a cluster, entries of the root, sectors of a FAT, media byte.
FORMATS = {
    160: (40, 1, 8, 1, 64, 1, 0xFE),
    180: (40, 1, 9, 1, 64, 2, 0xFC),
    320: (40, 2, 8, 2, 112, 1, 0xFF),
    360: (40, 2, 9, 2, 112, 2, 0xFD),
    720: (80, 2, 9, 2, 112, 3, 0xF9),
    1200: (80, 2, 15, 1, 224, 7, 0xF9),
    1440: (80, 2, 18, 1, 224, 9, 0xF0),
    2880: (80, 2, 36, 2, 240, 9, 0xF0),
}

# Follows the chain of MESSAGE.TXT through the FAT and sends the file to the first serial port. Then it writes itself to
# the disk's last sector, tells the BIOS's status, and ends the run. Of the parameter block: 0xd sectors of a cluster,
# 0xe reserved sectors, 0x10 FATs, 0x11 entries of the root, 0x13 sectors, 0x16 sectors of a FAT, 0x18 sectors of a
# track, 0x1a heads.
BOOT_SECTOR = """
    .code16
    jmp begin
    .org 62
begin:
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7c00
    mov [drive], dl
    cld
    mov al, [0x7c10]
    mul word ptr [0x7c16]
    add ax, [0x7c0e]
    mov bx, [0x7c11]
    shr bx, 4
    add bx, ax
    mov [data], bx
    mov cx, 1
    mov bx, 0x7e00
    call transfer
    mov ax, [0x7c0e]
    mov cx, [0x7c16]
    mov bx, 0x8000
    call transfer
    mov di, 0x7e00
look:
    mov si, offset name
    mov cx, 11
    push di
    repe cmpsb
    pop di
    je found
    add di, 32
    cmp di, 0x8000
    jb look
    jmp failed
found:
    mov ax, [di + 26]
cluster:
    push ax
    sub ax, 2
    mov cl, [0x7c0d]
    xor ch, ch
    mul cx
    add ax, [data]
    mov bx, 0xa000
    call transfer
    mov si, 0xa000
send:
    lodsb
    call put
    cmp si, bx
    jb send
    pop ax
    mov bx, ax
    shr bx, 1
    add bx, ax
    mov dx, [bx + 0x8000]
    test al, 1
    jz even
    shr dx, 4
even:
    and dx, 0xfff
    mov ax, dx
    cmp ax, 0xff8
    jb cluster
    mov ax, [0x7c13]
    dec ax
    mov cx, 1
    mov bx, 0x7c00
    mov byte ptr [function], 3
    call transfer
    xor ah, ah
failed:
    mov si, offset status
    mov cx, 7
tell:
    lodsb
    call put
    loop tell
    mov al, ah
    add al, '0'
    call put
    mov dx, 0xf4
    mov al, 0x10
    out dx, al

// Moves cx sectors from ax on between the disk and bx on.
transfer:
    push cx
    push ax
    xor dx, dx
    div word ptr [0x7c18]
    mov cl, dl
    inc cl
    xor dx, dx
    div word ptr [0x7c1a]
    mov ch, al
    mov dh, dl
    mov dl, [drive]
    mov al, 1
    mov ah, [function]
    int 0x13
    jc failed
    pop ax
    pop cx
    inc ax
    add bx, 512
    loop transfer
    ret

// Sends al, unless it is what the end of a file is filled up with.
put:
    test al, al
    jz nothing
    push dx
    push ax
    mov dx, 0x3fd
wait:
    in al, dx
    test al, 0x20
    jz wait
    mov dx, 0x3f8
    pop ax
    out dx, al
    pop dx
nothing:
    ret

name: .ascii "MESSAGE TXT"
status: .ascii "status "
function: .byte 2
drive: .byte 0
data: .word 0
    .org 510
    .byte 0x55, 0xaa
"""


def fat12(entries: list[int], sectors: int) -> bytes:
    packed = bytearray(sectors * SECTOR)
    for i, entry in enumerate(entries):
        place = i * 3 // 2
        value = struct.unpack_from("<H", packed, place)[0] | (entry << 4 if i % 2 else entry)
        struct.pack_into("<H", packed, place, value)
    return bytes(packed)


def make(kib: int, contents: bytes) -> bytes:
    """The image of a disk of this size, with a file MESSAGE.TXT that is scattered over all of it."""
    tracks, heads, sectors, per_cluster, root_entries, fat_sectors, media = FORMATS[kib]
    total = tracks * heads * sectors
    parameters = struct.pack(
        "<8sHBHBHHBHHHIIBBBI11s8s", b"RINGER  ", SECTOR, per_cluster, 1, 2, root_entries, total, media, fat_sectors,
        sectors, heads, 0, 0, 0, 0, 0x29, 0x12345678, b"RINGERTEST ", b"FAT12   ",
    )  # fmt: skip
    boot = bytearray(tiny_kernel.assemble(".intel_syntax noprefix\n" + BOOT_SECTOR, 0x7C00))
    boot[2] = 0x90  # nop, behind a short jump
    boot[3 : 3 + len(parameters)] = parameters

    first_sector = 1 + 2 * fat_sectors + root_entries * 32 // SECTOR
    clusters = (total - first_sector) // per_cluster
    size = per_cluster * SECTOR
    pieces = [contents[at : at + size] for at in range(0, len(contents), size)]
    # The last cluster is left to the sector that the boot sector writes.
    chain = [2 + i * (clusters - 2) // len(pieces) for i in range(len(pieces))]
    chain[1::2] = reversed(chain[1::2])
    fat = [0xF00 | media, 0xFFF] + [0] * clusters
    image = bytearray(total * SECTOR)
    for cluster, following, piece in zip(chain, chain[1:] + [0xFFF], pieces):
        fat[cluster] = following
        place = (first_sector + (cluster - 2) * per_cluster) * SECTOR
        image[place : place + len(piece)] = piece
    image[:SECTOR] = boot
    packed = fat12(fat, fat_sectors)
    image[SECTOR : SECTOR + 2 * len(packed)] = packed + packed
    root = (1 + 2 * fat_sectors) * SECTOR
    image[root : root + 32] = struct.pack("<11sB14xHI", FILE, 0x20, chain[0], len(contents))
    return bytes(image)
