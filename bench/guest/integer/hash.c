#include "../bench.h"

#include <string.h>

enum {
    keys = 24 * 1000,
    slots = 64 * 1024,
    key_size = 24,
    lookups = 12,
    message_size = 64 * 1024,
    messages = 60
};

static uint64_t rotate_left(uint64_t value, int by) { return value << by | value >> (64 - by); }

static void sip_round(uint64_t v[4]) {
    v[0] += v[1];
    v[1] = rotate_left(v[1], 13) ^ v[0];
    v[0] = rotate_left(v[0], 32);
    v[2] += v[3];
    v[3] = rotate_left(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate_left(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate_left(v[1], 17) ^ v[2];
    v[2] = rotate_left(v[2], 32);
}

// SipHash-2-4 of a key of 24 bytes (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
static uint64_t sip_hash(const unsigned char* key) {
    const uint64_t k0 = 0x0706050403020100, k1 = 0x0f0e0d0c0b0a0908;
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
                     k1 ^ 0x7465646279746573};
    for (int i = 0; i <= key_size; i += 8) {
        uint64_t word = (uint64_t)key_size << 56;
        if (i < key_size) memcpy(&word, key + i, sizeof(word));
        v[3] ^= word;
        sip_round(v);
        sip_round(v);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; ++i) sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static unsigned char key[keys][key_size];
static uint32_t table[slots];

static uint64_t find_slot(const unsigned char* wanted) {
    uint64_t slot = sip_hash(wanted) % slots;
    while (table[slot] && memcmp(key[table[slot] - 1], wanted, key_size) != 0) slot = (slot + 1) % slots;
    return slot;
}

static uint64_t run_siphash(void) {
    uint64_t random = random_seed, found = 0;
    memset(table, 0, sizeof(table));
    for (uint32_t i = 0; i < keys; ++i) {
        for (int j = 0; j < key_size; ++j) key[i][j] = (unsigned char)next_random(&random);
        table[find_slot(key[i])] = i + 1;
    }
    for (int i = 0; i < lookups * keys; ++i) {
        found = found * 31 + find_slot(key[next_random(&random) % keys]);
    }
    return found;
}

static uint32_t rotate_right(uint32_t value, int by) { return value >> by | value << (32 - by); }

static const uint32_t sha_constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The compression function of SHA-256 (FIPS 180-4, section 6.2.2).
static void sha_block(uint32_t state[8], const unsigned char* block) {
    uint32_t w[64], v[8];
    for (int t = 0; t < 16; ++t) {
        memcpy(&w[t], block + 4 * t, 4);
        w[t] = __builtin_bswap32(w[t]);
    }
    for (int t = 16; t < 64; ++t) {
        const uint32_t s0 = rotate_right(w[t - 15], 7) ^ rotate_right(w[t - 15], 18) ^ w[t - 15] >> 3;
        const uint32_t s1 = rotate_right(w[t - 2], 17) ^ rotate_right(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    memcpy(v, state, sizeof(v));
    for (int t = 0; t < 64; ++t) {
        const uint32_t s1 = rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25);
        const uint32_t s0 = rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22);
        const uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + sha_constant[t] + w[t];
        const uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof(v[0]));
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; ++i) state[i] += v[i];
}

static uint64_t run_sha256(void) {
    static unsigned char message[message_size];
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memset(message, 'r', sizeof(message));
    for (int i = 0; i < messages; ++i) {
        message[0] = (unsigned char)i;
        for (int at = 0; at < message_size; at += 64) sha_block(state, message + at);
    }
    return fnv(fnv_basis, state, sizeof(state));
}

const struct Test siphash = {
    .name = "siphash", .meaning = "a hash table whose keys are hashed by SipHash-2-4", .run = run_siphash};
const struct Test sha256 = {.name = "sha256", .meaning = "SHA-256 in plain C", .run = run_sha256};
