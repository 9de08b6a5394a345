#include "engine/translator/x87_image.h"

namespace ringer::engine::translator {

namespace {

/// Bit i of a byte to bits 2i and 2i + 1.
[[gnu::target("general-regs-only")]] inline u32 doubled(u32 bits) {
    bits = (bits | bits << 4) & 0x0f0f;
    bits = (bits | bits << 2) & 0x3333;
    bits = (bits | bits << 1) & 0x5555;
    return bits * 3;
}

/// The reverse of doubled(), where both bits are set.
[[gnu::target("general-regs-only")]] inline u32 halved(u32 bits) {
    bits &= bits >> 1 & 0x5555;
    bits = (bits | bits >> 1) & 0x3333;
    bits = (bits | bits >> 2) & 0x0f0f;
    return (bits | bits >> 4) & 0xff;
}

/// How far one register is from the next.
constexpr unsigned in_state = sizeof(x86::X87State::st[0]), in_image = sizeof(X87Image::st[0]);

} // namespace

[[gnu::target("general-regs-only")]] void write_image(const x86::X87State& x87, X87Image& image) {
    image.control = x87.control;
    image.status = x87.status;
    image.tags = doubled(~u32{x87.valid} & 0xff);
    const u8* from = reinterpret_cast<const u8*>(&x87.st);
    u8* to = reinterpret_cast<u8*>(&image.st);
    for (unsigned i = 0; i < 8; ++i, from += in_state, to += in_image) __builtin_memcpy(to, from, in_image);
}

[[gnu::target("general-regs-only")]] void read_image(const X87Image& image, x86::X87State& x87) {
    x87.control = static_cast<u16>(image.control);
    x87.status = static_cast<u16>(image.status);
    x87.valid = static_cast<u8>(~halved(image.tags));
    const u8* from = reinterpret_cast<const u8*>(&image.st);
    u8* to = reinterpret_cast<u8*>(&x87.st);
    for (unsigned i = 0; i < 8; ++i, from += in_image, to += in_state) __builtin_memcpy(to, from, in_image);
}

} // namespace ringer::engine::translator
