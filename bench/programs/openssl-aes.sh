# `openssl speed` of AES-128-CBC, blocks of 16 KiB
measure_speed "$(openssl enc -aes-128-cbc -K 00 -iv 00 -in /bench/archived.c 2>"$SCRATCH/told" | cksum)" \
    1 -bytes 16384 -evp aes-128-cbc
