#include "device/floppy/floppy_controller.h"

#include "access_script.h"
#include "device/fixture/fixture.h"
#include "hostile_state.h"
#include "lasting_memory.h"
#include "pattern_medium.h"

#include <array>

using namespace ringer;

namespace {

/// The ports of the controller and of the DMA that it uses, and time that passes for the disks.
class Machine {
  public:
    Machine() {
        memory_.add_ram({0, fuzz::lasting_memory<0x2'0000>()});
        other_.read_only = true;
        floppy_.attach(0, disk_);
        floppy_.attach(1, other_);
        // Out of reset, for most scripts to get anywhere.
        device::fixture::out(floppy_.registers(), 2, 0x1c);
        pass(1'000'000);
    }

    void run(fuzz::Script& script) {
        const std::array windows{fuzz::Window{floppy_.registers(), 6},
                                 fuzz::Window{floppy_.input_register(), 1},
                                 fuzz::Window{dma_.byte_ports(), 16}, fuzz::Window{dma_.page_ports(), 15},
                                 fuzz::Window{dma_.word_ports(), 32}};
        for (unsigned step = 0; step < 4000 && !script.ended(); ++step) {
            const u64 choice = script.number(1);
            disk_.fails = choice & 0x80;
            switch (choice % 8) {
            case 0: pass(script.number(1) * 1'000'000); break;
            case 1: pass(100'000); break;
            case 2: give_command(script); break;
            case 3: move_data(script); break;
            case 4:
                if (choice & 0x40) fuzz::load_changed_state(script, choice & 8 ? dma() : floppy_);
                break;
            default: fuzz::access(script, windows);
            }
        }
    }

  private:
    device::Device& dma() { return dma_; }
    void pass(Nanoseconds time) { device::fixture::run_until(clock_, timers_, clock_.now() + time); }

    /// A command of some length, which is rarely guessed byte by byte, with DMA set up or not.
    void give_command(fuzz::Script& script) {
        const u64 size = script.number(1);
        if (size & 0x10) {
            device::fixture::out(dma_.byte_ports(), 11, size & 0x20 ? 0x46 : 0x4a);
            device::fixture::out(dma_.byte_ports(), 10, 2);
        }
        for (u64 i = 0; i < size % 10; ++i)
            device::fixture::out(floppy_.registers(), 5, static_cast<u8>(script.number(1)));
        pass(100'000);
    }

    /// A whole data or result phase, if there is one.
    void move_data(fuzz::Script& script) {
        const bool writes = script.number(1) & 1;
        constexpr u8 request = 0x80;
        if (!(device::fixture::in(floppy_.registers(), 4) & request) || !script.may_take_long()) return;
        for (unsigned i = 0; i < 512; ++i) {
            if (writes)
                device::fixture::out(floppy_.registers(), 5, static_cast<u8>(i));
            else
                (void)device::fixture::in(floppy_.registers(), 5);
        }
    }

    memory::AddressSpace memory_;
    fuzz::Cleaner cleaner_{memory_};
    device::fixture::ManualClock clock_;
    device::TimerQueue timers_{clock_};
    fuzz::PatternMedium disk_{160 * 1024}, other_{180 * 1024};
    device::IsaDma dma_{memory_};
    device::FloppyController floppy_{timers_, dma_};
};

} // namespace

/// Any access to a floppy controller with two drives and to the DMA controllers, and any state of theirs.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    Machine machine;
    machine.run(script);
    return 0;
}
