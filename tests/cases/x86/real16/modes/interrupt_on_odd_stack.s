# INT with SP = 5: the frame's last word would lie across the segment's end. #SS and then #DF meet the same, and the
# processor shuts down; nothing of the INT remains (Intel SDM Vol. 2A, INT n, and Vol. 3, 20.1.4).

given rsp, 5
given rflags, IF|CF|2
expect shutdown, 1
expect rflags, IF|CF|2
expect retired, 0

    int 0x21
    hlt
