# `openssl speed` of SHA-256, blocks of 16 KiB
measure_speed "$(openssl dgst -sha256 /bench/archived.c)" 1 -bytes 16384 -evp sha256
