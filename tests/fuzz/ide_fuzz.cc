#include "access_script.h"
#include "device/fixture/fixture.h"
#include "device/storage/ata_disk.h"
#include "device/storage/atapi_cdrom.h"
#include "device/storage/piix_ide.h"
#include "device/storage/test_worker.h"
#include "lasting_memory.h"
#include "pattern_medium.h"

#include <array>

using namespace ringer;

namespace {

/// The ports, and time that passes for the media.
class Machine {
  public:
    explicit Machine(std::span<const u8> table) {
        memory_.add_ram({0, fuzz::lasting_memory<0x2'0000>()});
        RINGER_ASSERT(memory_.write_ram(0, table));
        read_only_.read_only = true;
        ide_.channel(0).attach(0, std::make_unique<device::AtaDisk>(timers_, disk_, 1, &worker_));
        ide_.channel(0).attach(1, std::make_unique<device::AtaDisk>(timers_, read_only_, 2));
        ide_.channel(1).attach(1, std::make_unique<device::AtaDisk>(timers_, read_only_, 3));
        ide_.channel(1).attach(0, std::make_unique<device::AtapiCdrom>(timers_, disc_, 4));
        ide_.write_config(0x20, 4, 0xc000);
        ide_.write_config(0x04, 2, 5);
    }

    void run(fuzz::Script& script) {
        const auto claim = ide_.bars()->claim(device::PciSpace::io, 0xc000, 1);
        const std::array windows{fuzz::Window{ide_.command_block(0), 8},
                                 fuzz::Window{ide_.control_block(0), 1}, fuzz::Window{claim->region, 16},
                                 fuzz::Window{ide_.command_block(1), 8},
                                 fuzz::Window{ide_.control_block(1), 1}};
        for (unsigned step = 0; step < 4000 && !script.ended(); ++step) {
            fuzz::access(script, windows);
            const u64 choice = script.number(1);
            if (choice & 1) device::fixture::run_until(clock_, timers_, clock_.now() + 100'000);
            disk_.fails = disc_.fails = choice & 2;
            disk_.is_at_hand = choice & 32;
            if (choice & 64 && worker_.under_way() > 0) worker_.do_next();
            if (choice & 4) move_data(script, choice & 16 ? 1 : 0, choice & 8);
        }
    }

  private:
    /// A whole data phase, if there is one, which a script would need many bytes for.
    void move_data(fuzz::Script& script, unsigned channel, bool writes) {
        constexpr u8 data_request = 0x08;
        if (!(device::fixture::in(ide_.control_block(channel), 0) & data_request) || !script.may_take_long())
            return;
        memory::Region& command_block = ide_.command_block(channel);
        u64 value = 0;
        for (unsigned i = 0; i < 256; ++i) {
            if (writes)
                (void)command_block.write(0, 2, i);
            else
                (void)command_block.read(0, 4, value);
        }
    }

    memory::AddressSpace memory_;
    fuzz::Cleaner cleaner_{memory_};
    device::fixture::ManualClock clock_;
    device::TimerQueue timers_{clock_};
    fuzz::PatternMedium disk_{512 * 300}, read_only_{512 * 17}, disc_{2048 * 40};
    device::fixture::TestWorker worker_{disk_}; ///< Of the first disk.
    device::PiixIde ide_{memory_, device::PiixIde::Decode::after_reset};
};

} // namespace

/// Any access to the registers of a controller with three disks and a CD-ROM, whose media come and go. RAM
/// begins with the input's first bytes, which tables of regions can be made of.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    Machine machine(script.bytes(64));
    machine.run(script);
    return 0;
}
