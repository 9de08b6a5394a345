#include "operand_contents.h"

#include "values.h"
#include "x86/legacy_image.h"

#include <algorithm>
#include <cstring>

namespace ringer::oracle {

namespace {

template <class T>
void put(std::vector<u8>& bytes, std::size_t offset, T value) {
    std::memcpy(bytes.data() + offset, &value, sizeof(value));
}

} // namespace

u64 random_flags(Random& random) {
    u64 flags = x86::flag::reserved_one | x86::flag::interrupt | (random.next() & x86::flag::status);
    if (random.chance(25)) flags |= x86::flag::df;
    if (random.chance(6)) flags |= x86::flag::ac;
    if (random.chance(3)) flags |= x86::flag::tf;
    if (random.chance(4)) flags |= x86::flag::nt;
    if (random.chance(4)) flags |= x86::flag::id;
    return flags;
}

std::vector<u8> random_save_area(Random& random) {
    constexpr std::size_t size = 832, header = 512, header_size = 64;
    std::vector<u8> bytes(size);
    fill_with_elements(random, bytes);
    x86::write_x87_image(random_x87_state(random), random.chance(50), bytes.data());
    u32 mxcsr = static_cast<u32>(random.next() & 0xffff);
    if (random.chance(5)) mxcsr = static_cast<u32>(random.next());
    x86::write_mxcsr_image(mxcsr, bytes.data());
    std::fill_n(bytes.begin() + header, header_size, u8{0});
    bytes[header] = static_cast<u8>(random.below(8));
    if (random.chance(5)) bytes[header + random.below(header_size)] = static_cast<u8>(random.next());
    // Components that the host has and the guest has not.
    bytes[header] &= 0x1f;
    bytes[header + 8] &= 0x1f;
    return bytes;
}

std::vector<u8> random_environment(unsigned step, Random& random) {
    std::vector<u8> bytes(28);
    fill_with_elements(random, bytes);
    const x86::X87State x87 = random_x87_state(random);
    put(bytes, 0, x87.control);
    put(bytes, step, x87.status);
    return bytes;
}

std::vector<u8> words(std::span<const u64> values, unsigned width) {
    std::vector<u8> bytes;
    for (const u64 value : values)
        for (unsigned i = 0; i < width; ++i) bytes.push_back(static_cast<u8>(value >> 8 * i));
    return bytes;
}

} // namespace ringer::oracle
