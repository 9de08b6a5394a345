# `openssl speed` of RSA-2048, signatures
openssl genrsa -out "$SCRATCH/key" 1024 2>"$SCRATCH/told" &&
    openssl rsa -in "$SCRATCH/key" -pubout -out "$SCRATCH/public" 2>"$SCRATCH/told" &&
    openssl dgst -sha256 -sign "$SCRATCH/key" -out "$SCRATCH/signature" /bench/archived.c || exit
measure_speed "$(openssl dgst -sha256 -verify "$SCRATCH/public" -signature "$SCRATCH/signature" /bench/archived.c)" \
    1 rsa2048
