#include "device/pci/pci_bus.h"

#include "base/assert.h"

namespace ringer::device {

using memory::Answer;

void PciBus::attach(PciAddress address, PciFunction& function) {
    RINGER_ASSERT(address.device < 32 && address.function < 8);
    PciFunction*& slot = functions_[address.device * 8u + address.function];
    RINGER_ASSERT(slot == nullptr);
    slot = &function;
    with_regions_.clear();
    for (PciFunction* const each : functions_)
        if (each && each->bars()) with_regions_.push_back(each);
}

std::optional<PciBars::Claim> PciBus::claim(PciSpace space, u64 address, unsigned size) const {
    for (const PciFunction* const function : with_regions_)
        if (const auto claim = function->bars()->claim(space, address, size)) return claim;
    return std::nullopt;
}

Answer PciBus::Space::read(u64 offset, unsigned size, u64& value) {
    if (const auto claim = bus_.claim(kind_, offset, size))
        return claim->region.read(claim->offset, size, value);
    if (size == 1) {
        value = 0xff;
        return Answer::now;
    }
    value = 0;
    for (unsigned i = 0; i < size; ++i) {
        u64 byte = 0;
        if (read(offset + i, 1, byte) == Answer::not_yet) return Answer::not_yet;
        value |= (byte & 0xff) << 8 * i;
    }
    return Answer::now;
}

Answer PciBus::Space::write(u64 offset, unsigned size, u64 value) {
    if (const auto claim = bus_.claim(kind_, offset, size))
        return claim->region.write(claim->offset, size, value);
    for (unsigned i = 0; size > 1 && i < size; ++i)
        if (write(offset + i, 1, value >> 8 * i & 0xff) == Answer::not_yet) return Answer::not_yet;
    return Answer::now;
}

} // namespace ringer::device
