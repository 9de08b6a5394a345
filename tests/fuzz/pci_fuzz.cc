#include "access_script.h"
#include "device/byte_region.h"
#include "device/pci/host_bridge.h"
#include "device/pci/piix3.h"
#include "lasting_memory.h"

#include <array>

using namespace ringer;

namespace {

struct Scratch final : device::ByteRegion {
    u8 read_byte(u64) override { return 0; }
    void write_byte(u64, u8) override {}
};

/// A function with every kind of base address register.
struct Function final : device::PciFunction {
    explicit Function(memory::Region& region) {
        config.define(device::pci_command::offset, 2, 0, 0xffff);
        regions.add(0, device::PciSpace::memory, 16, region);
        regions.add(1, device::PciSpace::memory, 0x100'0000, region);
        regions.add(4, device::PciSpace::io, 16, region);
        regions.add_rom(0x1'0000, region);
        config.reset();
    }
    u32 read_config(u8 offset, unsigned size) override { return config.read(offset, size); }
    void write_config(u8 offset, unsigned size, u32 value) override { config.write(offset, size, value); }
    const device::PciBars* bars() const override { return &regions; }

    device::PciConfigSpace config;
    device::PciBars regions{config};
};

} // namespace

/// Accesses to the configuration ports and, as the base address registers then lie, to the two spaces.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    using device::ShadowMap;
    Scratch scratch;
    const std::span<u8> ram = fuzz::lasting_memory<ShadowMap::size>();
    memory::AddressSpace memory;
    const fuzz::Cleaner cleaner(memory);
    for (unsigned i = 0; i < ShadowMap::segment_count; ++i) {
        const auto [base, bytes] = ShadowMap::segment(i);
        memory.add_shadow_ram({base, ram.subspan(base - ShadowMap::base, bytes)});
    }
    device::PciBus bus;
    device::PciHostBridge bridge(bus, scratch, memory, device::PciHostBridge::ShadowRam::hidden);
    memory.set_backstop(bus.memory_space());
    device::Piix3 piix3;
    Function function(scratch);
    bus.attach({.device = 1, .function = 0}, piix3);
    bus.attach({.device = 2, .function = 0}, function);

    fuzz::Script script({data, size});
    const std::array ports{fuzz::Window{bridge.address_port(), 4}, fuzz::Window{bridge.data_port(), 4},
                           fuzz::Window{bus.io_space(), 0x1'0000}};
    for (unsigned step = 0; step < 1000 && !script.ended(); ++step) {
        fuzz::access(script, ports);
        const u64 choice = script.number(1);
        u64 value = 0;
        if (choice == 1)
            piix3.pci_input().pin_changed(static_cast<unsigned>(script.number(1) % 128),
                                          script.number(1) & 1);
        else if (choice == 2)
            (void)memory.read(script.number(4), 1u << script.number(1) % 4, value);
        else if (choice == 3)
            (void)memory.write(script.number(4), 1u << script.number(1) % 4, script.number(8));
    }
    return 0;
}
