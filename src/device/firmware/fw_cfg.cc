#include "device/firmware/fw_cfg.h"

#include "base/assert.h"
#include "base/big_endian.h"
#include "base/bits.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

namespace ringer::device {

using memory::Answer;

namespace {

constexpr u16 signature = 0x00, interfaces = 0x01, directory = 0x19, first_file = 0x20;
constexpr u16 first_local = 0x8000; ///< From here on, items of one architecture.
constexpr u8 byte_interface = 1 << 0, dma_interface = 1 << 1;
constexpr std::string_view dma_signature = "QEMU CFG"; ///< What the address register reads as.
constexpr u64 data_offset = 1;

/// FWCfgDmaAccess: its size, and the bits of its control word.
constexpr std::size_t access_size = 16;
constexpr u32 dma_error = 1 << 0, dma_read = 1 << 1, dma_skip = 1 << 2, dma_select = 1 << 3,
              dma_write = 1 << 4;

/// The length of a name in the directory, its terminator included.
constexpr std::size_t name_size = 56;

} // namespace

FwCfg::FwCfg(memory::AddressSpace& memory) : memory_(memory) {
    add_item(signature, {'Q', 'E', 'M', 'U'});
    add_item(interfaces, {byte_interface | dma_interface, 0, 0, 0});
    write_directory();
}

void FwCfg::visit(state::Archive& archive) {
    auto& [selected, offset, dma_address] = state_;
    archive.field(1, "selected", selected).field(2, "offset", offset).field(3, "dma_address", dma_address);
}

void FwCfg::add_item(u16 number, std::vector<u8> contents) {
    RINGER_ASSERT((number < first_file && number != directory) || number >= first_local);
    RINGER_ASSERT(items_.emplace(number, std::move(contents)).second);
}

void FwCfg::add_file(std::string_view name, std::vector<u8> contents) {
    RINGER_ASSERT(name.size() < name_size);
    const auto number = static_cast<u16>(first_file + files_.size());
    RINGER_ASSERT(files_.emplace(name, number).second);
    items_.emplace(number, std::move(contents));
    write_directory();
}

void FwCfg::write_directory() {
    std::vector<u8> entries;
    append_big_endian(entries, static_cast<u32>(files_.size()));
    for (const auto& [name, number] : files_) {
        append_big_endian(entries, static_cast<u32>(items_.at(number).size()));
        append_big_endian(entries, number);
        append_big_endian(entries, u16{0});
        entries.insert(entries.end(), name.begin(), name.end());
        entries.resize(entries.size() + name_size - name.size());
    }
    items_[directory] = std::move(entries);
}

std::span<const u8> FwCfg::rest() const {
    const auto item = items_.find(state_.selected);
    if (item == items_.end()) return {};
    const std::span<const u8> contents(item->second);
    return contents.subspan(std::min<std::size_t>(state_.offset, contents.size()));
}

void FwCfg::select(u16 number) {
    state_.selected = number;
    state_.offset = 0;
}

void FwCfg::skip(u64 count) {
    constexpr u64 most = std::numeric_limits<u32>::max();
    state_.offset = static_cast<u32>(std::min(state_.offset + count, most));
}

u8 FwCfg::read_data() {
    const std::span<const u8> from = rest();
    skip(1);
    return from.empty() ? 0 : from[0];
}

Answer FwCfg::SelectAndData::read(u64 offset, unsigned size, u64& value) {
    value = ~u64{0};
    if (offset == data_offset && size == 1) value = owner_.read_data();
    return Answer::now;
}

Answer FwCfg::SelectAndData::write(u64 offset, unsigned size, u64 value) {
    if (offset == 0 && size == 2) owner_.select(static_cast<u16>(value));
    return Answer::now;
}

Answer FwCfg::DmaAddress::read(u64 offset, unsigned size, u64& value) {
    value = 0;
    for (unsigned i = 0; i < size; ++i) value |= u64{static_cast<u8>(dma_signature[offset + i])} << 8 * i;
    return Answer::now;
}

/// The upper half of the address is written first; the lower one starts the transfer.
Answer FwCfg::DmaAddress::write(u64 offset, unsigned size, u64 value) {
    if (size != 4) return Answer::now;
    const u64 half = std::byteswap(static_cast<u32>(value));
    if (offset == 0) {
        owner_.state_.dma_address = half << 32;
    } else if (offset == 4) {
        owner_.state_.dma_address |= half;
        owner_.run_dma();
        owner_.state_.dma_address = 0;
    }
    return Answer::now;
}

void FwCfg::run_dma() {
    const GuestPhysical access_address = state_.dma_address;
    std::array<u8, access_size> access;
    if (!memory_.read_ram(access_address, access)) return;
    const std::span<const u8> bytes(access);
    const auto control = get_big_endian<u32>(bytes);
    const auto length = get_big_endian<u32>(bytes, 4);
    const auto address = get_big_endian<u64>(bytes, 8);

    if (control & dma_select) select(static_cast<u16>(control >> 16));
    bool succeeds = true;
    if (control & dma_read)
        succeeds = copy_out(address, length);
    else if (control & dma_write)
        succeeds = false;
    else if (control & dma_skip)
        skip(length);
    const u32 result = std::byteswap(succeeds ? 0 : dma_error);
    (void)memory_.write_ram(access_address, std::span(reinterpret_cast<const u8*>(&result), sizeof(result)));
}

/// What lies beyond the item's end is zero. The length is the guest's: nothing is set aside for it.
bool FwCfg::copy_out(GuestPhysical address, u32 length) {
    constexpr std::array<u8, 4096> zeros{};
    while (length > 0) {
        std::span<const u8> from = rest();
        if (from.empty()) from = zeros;
        from = from.first(std::min<std::size_t>(from.size(), length));
        if (!memory_.write_ram(address, from)) return false;
        skip(from.size());
        address += from.size();
        length -= static_cast<u32>(from.size());
    }
    return true;
}

} // namespace ringer::device
