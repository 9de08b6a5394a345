#include "device/pci/config_space.h"

#include "base/assert.h"
#include "base/bits.h"

namespace ringer::device {

void PciConfigSpace::define(u8 offset, unsigned size, u32 reset_value, u32 writable, u32 write_one_clears) {
    RINGER_ASSERT(offset + size <= reset_bytes_.size());
    for (unsigned i = 0; i < size; ++i) {
        reset_bytes_[offset + i] = static_cast<u8>(reset_value >> 8 * i);
        writable_[offset + i] = static_cast<u8>(writable >> 8 * i);
        write_one_clears_[offset + i] = static_cast<u8>(write_one_clears >> 8 * i);
    }
}

void PciConfigSpace::define(const PciIdentity& identity) {
    define(0x00, 2, identity.vendor);
    define(0x02, 2, identity.device);
    define(0x08, 1, identity.revision);
    define(0x09, 3, identity.class_code);
    define(0x2c, 2, identity.subsystem_vendor);
    define(0x2e, 2, identity.subsystem);
}

u8 PciConfigSpace::add_capability(u8 id, unsigned size) {
    constexpr u8 status_offset = 0x06, has_capabilities = 1 << 4;
    const auto offset = static_cast<u8>(next_capability_);
    RINGER_ASSERT(size >= 2 && next_capability_ + size <= reset_bytes_.size());
    reset_bytes_[status_offset] |= has_capabilities;
    reset_bytes_[last_link_] = offset;
    reset_bytes_[offset] = id;
    last_link_ = offset + 1;
    next_capability_ = static_cast<u16>(align_up(offset + size, 4));
    return offset;
}

u32 PciConfigSpace::read(u8 offset, unsigned size) const {
    u32 value = 0;
    for (unsigned i = 0; i < size && offset + i < state_.bytes.size(); ++i)
        value |= u32{state_.bytes[offset + i]} << 8 * i;
    return value;
}

void PciConfigSpace::write(u8 offset, unsigned size, u32 value) {
    for (unsigned i = 0; i < size && offset + i < state_.bytes.size(); ++i) {
        u8& byte = state_.bytes[offset + i];
        const auto written = static_cast<u8>(value >> 8 * i);
        const u8 writable = writable_[offset + i];
        byte = static_cast<u8>((byte & ~writable) | (written & writable));
        byte &= static_cast<u8>(~(written & write_one_clears_[offset + i]));
    }
}

void PciConfigSpace::visit(state::Archive& archive) {
    auto& [bytes] = state_;
    archive.field(1, "bytes", bytes);
}

} // namespace ringer::device
