#include "device/pci/pci_msix.h"

#include "base/assert.h"
#include "base/bits.h"

#include <cstring>

namespace ringer::device {

using memory::Answer;

namespace {

constexpr u8 capability_id = 0x11;
constexpr unsigned capability_size = 12;

// Message control, the table's place and the pending bits', within the capability.
constexpr u8 control_offset = 2, table_offset = 4, pending_offset = 8;
constexpr u16 enable = 1 << 15, function_mask = 1 << 14;

// The region: the table, and from the middle on the pending bits.
constexpr u64 pending_bits = PciMsix::region_size / 2;

// A vector's entry: two words of address, data, control.
constexpr unsigned entry_size = 16;
constexpr unsigned data_word = 2, control_word = 3;
constexpr u32 vector_masked = 1;

} // namespace

PciMsix::PciMsix(PciConfigSpace& config, PciBars& bars, unsigned bar, unsigned vectors, InterruptBus& bus)
    : config_(config), bus_(bus), capability_(config.add_capability(capability_id, capability_size)) {
    RINGER_ASSERT(vectors > 0 && vectors <= most_vectors);
    config.define(capability_ + control_offset, 2, vectors - 1, enable | function_mask);
    config.define(capability_ + table_offset, 4, bar);
    config.define(capability_ + pending_offset, 4, static_cast<u32>(pending_bits) | bar);
    bars.add(bar, PciSpace::memory, region_size, *this);
    state_.pending.resize(vectors);
    state_.table.resize(std::size_t{entry_size} * vectors);
    reset();
}

void PciMsix::reset() {
    state_.pending.assign(vectors(), 0);
    state_.table.assign(std::size_t{entry_size} * vectors(), 0);
    for (unsigned vector = 0; vector < vectors(); ++vector)
        state_.table[vector * entry_size + control_word * sizeof(u32)] = vector_masked;
}

void PciMsix::visit(state::Archive& archive) {
    const unsigned count = vectors();
    auto& [table, pending] = state_;
    archive.field(1, "table", table).field(2, "pending", pending);
    table.resize(std::size_t{entry_size} * count);
    pending.resize(count);
}

u16 PciMsix::control() const { return static_cast<u16>(config_.read(capability_ + control_offset, 2)); }

bool PciMsix::is_enabled() const { return control() & enable; }

u32 PciMsix::table_word(unsigned vector, unsigned word) const {
    u32 value = 0;
    std::memcpy(&value, &state_.table[vector * entry_size + word * sizeof(value)], sizeof(value));
    return value;
}

bool PciMsix::may_send(unsigned vector) const {
    return (control() & (enable | function_mask)) == enable &&
           config_.read(pci_command::offset, 2) & pci_command::bus_master &&
           !(table_word(vector, control_word) & vector_masked);
}

void PciMsix::signal(u16 vector) {
    if (vector >= vectors()) return;
    if (!may_send(vector)) {
        state_.pending[vector] = 1;
        return;
    }
    state_.pending[vector] = 0;
    const u64 address = table_word(vector, 0) | u64{table_word(vector, 1)} << 32;
    if (const auto message = message_signalled_interrupt(address, table_word(vector, data_word)))
        bus_.send(*message);
}

void PciMsix::config_written() {
    for (unsigned vector = 0; vector < vectors(); ++vector)
        if (state_.pending[vector] && may_send(vector)) signal(static_cast<u16>(vector));
}

u8 PciMsix::read_byte(u64 offset) const {
    if (offset < state_.table.size()) return state_.table[offset];
    u8 value = 0;
    for (unsigned i = 0; i < 8 && offset >= pending_bits; ++i) {
        const u64 vector = 8 * (offset - pending_bits) + i;
        if (vector < vectors() && state_.pending[vector]) value |= 1 << i;
    }
    return value;
}

Answer PciMsix::read(u64 offset, unsigned size, u64& value) {
    value = 0;
    for (unsigned i = 0; i < size; ++i) value |= u64{read_byte(offset + i)} << 8 * i;
    return Answer::now;
}

/// The pending bits are read only, and of a vector's control all but the mask is reserved.
Answer PciMsix::write(u64 offset, unsigned size, u64 value) {
    for (unsigned i = 0; i < size; ++i) {
        const u64 at = offset + i;
        if (at >= state_.table.size()) break;
        auto byte = static_cast<u8>(value >> 8 * i);
        if (const u64 in_control = at % entry_size; in_control >= control_word * sizeof(u32))
            byte = in_control == control_word * sizeof(u32) ? byte & vector_masked : 0;
        state_.table[at] = byte;
    }
    config_written();
    return Answer::now;
}

} // namespace ringer::device
