#include "access_script.h"
#include "device/firmware/fw_cfg.h"

#include <array>

using namespace ringer;

/// RAM begins with the input's first bytes, which descriptions of transfers can be made of; the rest are
/// accesses to the ports.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    std::vector<u8> ram(0x4000);
    memory::AddressSpace memory;
    memory.add_ram({0, ram});
    device::FwCfg fw_cfg(memory);
    fw_cfg.add_item(device::FwCfg::cpu_count, {1, 0});
    fw_cfg.add_file("etc/file", std::vector<u8>(5000, 0x55));

    fuzz::Script script({data, size});
    std::ranges::copy(script.bytes(256), ram.begin());
    const std::array windows{fuzz::Window{fw_cfg.select_and_data(), device::FwCfg::select_size},
                             fuzz::Window{fw_cfg.dma_address(), device::FwCfg::dma_size}};
    for (unsigned step = 0; step < 1000 && !script.ended(); ++step) fuzz::access(script, windows);
    return 0;
}
