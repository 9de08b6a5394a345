#include "values.h"

#include "base/bits.h"
#include "selectors.h"
#include "x86/x87_state.h"

#include <algorithm>
#include <cstring>

namespace ringer::oracle {

namespace {

/// Zero, one and other powers, the smallest and greatest normal and denormal, infinity, quiet and signalling
/// NaN, and the limits of integers.
constexpr u32 singles[] = {0,           0x3f80'0000, 0x4000'0000, 0x3f00'0000, 0x0000'0001, 0x007f'ffff,
                           0x0080'0000, 0x7f7f'ffff, 0x7f80'0000, 0x7fc0'0000, 0x7f80'0001, 0x7fff'ffff,
                           0x4f00'0000, 0x4eff'ffff, 0x5f00'0000, 0x3fc0'0000, 0x4020'0000, 0x3eff'ffff};
constexpr u64 doubles[] = {0,
                           0x3ff0'0000'0000'0000,
                           0x4000'0000'0000'0000,
                           0x3fe0'0000'0000'0000,
                           0x0000'0000'0000'0001,
                           0x000f'ffff'ffff'ffff,
                           0x0010'0000'0000'0000,
                           0x7fef'ffff'ffff'ffff,
                           0x7ff0'0000'0000'0000,
                           0x7ff8'0000'0000'0000,
                           0x7ff0'0000'0000'0001,
                           0x41df'ffff'ffc0'0000,
                           0x41e0'0000'0000'0000,
                           0x43e0'0000'0000'0000,
                           0x3ff8'0000'0000'0000,
                           0x47ef'ffff'e000'0000,
                           0x3690'0000'0000'0000};
/// Exponents and significands of the extended format; a significand without its top bit is a pseudo-denormal
/// or an unnormal, according to the exponent.
constexpr u16 exponents[] = {0, 1, 0x3fff, 0x4000, 0x3ffe, 0x7ffe, 0x7fff, 0x401e, 0x403e, 0x3fbf, 0x407f};
constexpr u64 significands[] = {0,
                                1,
                                0x8000'0000'0000'0000,
                                0x8000'0000'0000'0001,
                                0xc000'0000'0000'0000,
                                0xffff'ffff'ffff'ffff,
                                0x7fff'ffff'ffff'ffff,
                                0x4000'0000'0000'0000,
                                0xa000'0000'0000'0000};

u32 random_single(Random& random) {
    const u32 sign = static_cast<u32>(random.next() & 0x8000'0000);
    if (random.chance(50)) return random.pick(singles) | sign;
    const u32 number = static_cast<u32>(random.next());
    // Near one, so that sums and products are ordinary numbers.
    return random.chance(70) ? (number & 0x83ff'ffff) | 0x3e00'0000 : number;
}

u64 random_double(Random& random) {
    const u64 sign = random.next() << 63;
    if (random.chance(50)) return random.pick(doubles) | sign;
    const u64 number = random.next();
    return random.chance(70) ? (number & 0x807f'ffff'ffff'ffff) | 0x3fc0'0000'0000'0000 : number;
}

u64 element(Random& random, u64 kind) {
    switch (kind) {
    case 0: return random_single(random);
    case 1: return random_double(random);
    case 2: return random_integer(random);
    case 3: return random.pick({0x00, 0x01, 0x7f, 0x80, 0xff, 0x2f, 0x41});
    default: return random.next();
    }
}

constexpr std::array<u64, 6> element_sizes{4, 8, 4, 1, 8, 2};

void write(std::span<u8> bytes, u64 value) {
    std::memcpy(bytes.data(), &value, std::min<u64>(bytes.size(), 8));
}

} // namespace

u64 random_integer(Random& random) {
    constexpr unsigned widths[] = {8, 16, 32, 64};
    switch (random.below(8)) {
    case 0: return random.below(70);
    case 1: return -random.below(70);
    case 2: return (u64{1} << random.below(64)) + random.below(3) - 1;
    case 3: {
        const u64 top = u64{1} << (random.pick(widths) - 1);
        return top + random.below(3) - 1;
    }
    case 4: return sign_extend(static_cast<u32>(random.next()));
    case 5: return static_cast<u32>(random.next());
    default: return random.next();
    }
}

u64 ordinary_address(Random& random, u64 room) {
    const u64 address = layout::data + room + random.below(layout::writable_size - 2 * room);
    return random.chance(60) ? align_down(address, 64) + 64 : address;
}

u64 random_address(Random& random) {
    const u64 near = random.below(80) - 64;
    switch (random.below(25)) {
    case 0: return layout::data + layout::page_size + near;
    case 1: return layout::data + layout::writable_size + near;
    case 2: return layout::data + layout::data_size + near;
    case 3: return layout::data + near;
    case 4: return layout::last_page_of_4gib + random.below(layout::page_size);
    case 5: return layout::last_page_of_4gib + layout::page_size + near;
    case 6: return layout::last_page + random.below(layout::page_size);
    case 7: return layout::last_page + layout::page_size + near;
    case 8: return layout::code + random.below(layout::code_size);
    case 9: return 0xffff'8000'0000'0000 + near;
    case 10: return 0x0000'8000'0000'0000 + near;
    case 11: return random_integer(random);
    default: return ordinary_address(random, 128);
    }
}

void fill_with_elements(Random& random, std::span<u8> bytes) {
    const u64 kind = random.below(element_sizes.size());
    const u64 size = element_sizes[kind];
    const bool repeated = random.chance(10);
    u64 value = element(random, kind);
    while (!bytes.empty()) {
        const std::span<u8> one = bytes.first(std::min<u64>(size, bytes.size()));
        write(one, value);
        if (!repeated) value = element(random, kind);
        bytes = bytes.subspan(one.size());
    }
}

std::array<u8, 16> random_x87_register(Random& random) {
    u16 exponent = static_cast<u16>(random.next());
    u64 significand = random.next() | u64{1} << 63;
    if (random.chance(50))
        exponent = random.pick(exponents);
    else if (random.chance(80))
        exponent = static_cast<u16>(0x3fff - 40 + random.below(110));
    if (random.chance(50)) significand = random.pick(significands);
    exponent |= static_cast<u16>(random.next() & 0x8000);
    std::array<u8, 16> bytes{};
    std::memcpy(bytes.data(), &significand, 8);
    std::memcpy(bytes.data() + 8, &exponent, 2);
    return bytes;
}

x86::X87State random_x87_state(Random& random) {
    x86::X87State x87;
    u16 control = static_cast<u16>(random.next() & 0xf00) | 0x3f;
    if (random.chance(25)) control = static_cast<u16>(random.next());
    if (random.chance(70)) control |= 0x300; // Full precision.
    x87.status = static_cast<u16>(random.next() & 0x7f00);
    if (random.chance(20)) x87.status |= random.next() & 0x7f;
    if (random.chance(90)) x87.status &= static_cast<u16>(~(~control & x86::x87_status::exceptions));
    x86::set_x87_control(x87, control);
    x87.valid = static_cast<u8>(random.chance(50) ? 0xff : random.next());
    if (random.chance(5)) x87.valid = 0;
    for (auto& one : x87.st) one = random_x87_register(random);
    x87.opcode = static_cast<u16>(random.next() & 0x7ff);
    x87.instruction_pointer = layout::code + random.below(layout::code_size);
    x87.data_pointer = layout::data + random.below(layout::data_size);
    return x87;
}

x86::VectorState random_vector_state(Random& random) {
    x86::VectorState vector;
    for (auto& one : vector.ymm) fill_with_elements(random, one);
    vector.mxcsr = static_cast<u32>(random.next() & 0xe07f) | 0x1f80;
    if (random.chance(60)) vector.mxcsr &= ~0x8040u; // Neither flush to zero nor denormals are zero.
    if (random.chance(20)) vector.mxcsr &= static_cast<u32>(random.next());
    return vector;
}

u16 random_selector(Random& random) {
    constexpr u16 of_linux[] = {0, 1, 3, 0x23, 0x2b, 0x33, 0x2b, 0x20, 0x28, 0x30, 0x2a, 0x10, 0x18, 0x43};
    if (random.chance(10)) return static_cast<u16>(random.next());
    return random.chance(60) ? random.pick(of_linux) : random.pick(local_segments).selector;
}

void fill_memory_image(u64 number, std::span<u8> bytes) {
    Random random(scramble(number + 1));
    while (!bytes.empty()) {
        std::span<u8> part = bytes.first(std::min<u64>(bytes.size(), 64));
        bytes = bytes.subspan(part.size());
        if (random.chance(15)) {
            for (; !part.empty(); part = part.subspan(16))
                std::ranges::copy(random_x87_register(random), part.begin());
        } else if (random.chance(15)) {
            for (; !part.empty(); part = part.subspan(8)) write(part.first(8), random_address(random));
        } else {
            fill_with_elements(random, part);
        }
    }
}

} // namespace ringer::oracle
