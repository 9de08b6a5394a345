// An LZ77 compressor with chains of equal hashes, and its decompressor. A stream is a row of tokens: the
// number of literals (one byte), the literals, and, unless the text is at its end, the length of a match (one
// byte) and its distance (two bytes).

#include "../bench.h"

#include <string.h>

enum {
    text_size = 2048 * 1024,
    window = 65535,
    shortest = 4,
    longest = 255,
    most_literals = 255,
    hash_bits = 14,
    tries = 16,
    vocabulary = 512
};

static unsigned char text[text_size], packed[text_size * 2], unpacked[text_size];
static int32_t newest[1 << hash_bits], older[text_size];

// Words of a made-up language; the frequent ones are frequent.
static void prepare(void) {
    static char words[vocabulary][10];
    uint64_t random = random_seed;
    for (int i = 0; i < vocabulary; ++i) {
        const int length = 2 + (int)(next_random(&random) % 7);
        for (int j = 0; j < length; ++j) words[i][j] = (char)('a' + next_random(&random) % 26);
        words[i][length] = ' ';
    }
    for (size_t at = 0; at < text_size;) {
        const uint64_t draw = next_random(&random);
        const char* word = words[(draw % vocabulary) * (draw >> 32 & 0xff) / 256];
        for (; *word && at < text_size; ++word) text[at++] = (unsigned char)*word;
    }
}

static uint32_t hash_at(const unsigned char* at) {
    uint32_t four;
    memcpy(&four, at, sizeof(four));
    return four * 2654435761u >> (32 - hash_bits);
}

static int match_length(const unsigned char* a, const unsigned char* b, int most) {
    int length = 0;
    while (length < most && a[length] == b[length]) ++length;
    return length;
}

static void remember(int32_t at) {
    const uint32_t hash = hash_at(text + at);
    older[at] = newest[hash];
    newest[hash] = at;
}

static int longest_match(int32_t at, int32_t* from) {
    const int most = text_size - at < longest ? text_size - at : longest;
    int best = 0;
    int32_t candidate = newest[hash_at(text + at)];
    for (int i = 0; i < tries && candidate >= 0 && at - candidate <= window;
         ++i, candidate = older[candidate]) {
        const int length = match_length(text + candidate, text + at, most);
        if (length > best) {
            best = length;
            *from = candidate;
        }
    }
    return best;
}

static size_t put_literals(size_t out, int32_t from, int count) {
    packed[out++] = (unsigned char)count;
    memcpy(packed + out, text + from, (size_t)count);
    return out + (size_t)count;
}

static size_t pack(void) {
    size_t out = 0;
    int32_t literal = 0, at = 0;
    memset(newest, 0xff, sizeof(newest));
    while (at + shortest <= text_size) {
        int32_t from = 0;
        const int length = longest_match(at, &from);
        if (length < shortest && at - literal < most_literals) {
            remember(at++);
            continue;
        }
        const int taken = length < shortest ? 0 : length;
        out = put_literals(out, literal, at - literal);
        packed[out++] = (unsigned char)taken;
        packed[out++] = (unsigned char)((at - from) & 0xff);
        packed[out++] = (unsigned char)((at - from) >> 8);
        for (const int32_t end = at + taken; at < end; ++at) {
            if (at + shortest <= text_size) remember(at);
        }
        literal = at;
    }
    return put_literals(out, literal, text_size - literal);
}

static size_t unpack(size_t size) {
    size_t out = 0;
    for (size_t in = 0; in < size;) {
        const size_t literals = packed[in++];
        memcpy(unpacked + out, packed + in, literals);
        out += literals;
        in += literals;
        if (in >= size) break;
        const size_t length = packed[in], distance = packed[in + 1] | (size_t)packed[in + 2] << 8;
        in += 3;
        for (size_t i = 0; i < length; ++i, ++out) unpacked[out] = unpacked[out - distance];
    }
    return out;
}

static uint64_t run(void) {
    const size_t size = pack();
    memset(unpacked, 0, sizeof(unpacked));
    if (unpack(size) != text_size || memcmp(text, unpacked, text_size) != 0) return 0;
    return fnv(fnv_basis, packed, size);
}

const struct Test compress = {
    .name = "compress", .meaning = "LZ77, there and back", .prepare = prepare, .run = run};
