#pragma once

#include "access_script.h"
#include "device/virtio/virtio_fixture.h"

#include <array>
#include <functional>
#include <vector>

namespace ringer::fuzz {

/// A virtio device of two queues or more with a driver that does anything: what a driver, a ring and a saved
/// state can be.
class VirtioDriver {
  public:
    using Machine = device::fixture::VirtioMachine;

    static constexpr u64 ram_size = 0x2'0000;

    ~VirtioDriver() { lasting_ram().swap(machine_.memory.bytes); }
    VirtioDriver(const VirtioDriver&) = delete;
    VirtioDriver& operator=(const VirtioDriver&) = delete;

    /// The low bits of `mode` choose features of the ring, and whether interrupts are messages; `features`
    /// are the device's own. `from_world` has the world do something to the device, by the script, and
    /// `finish` has it leave nothing under way.
    template <class Make>
    VirtioDriver(
        Script& script, u64 mode, u64 features, u16 queues, Make&& make, std::function<void()> from_world,
        std::function<void()> finish = [] {})
        : script_(script), queues_(queues), from_world_(std::move(from_world)), finish_(std::move(finish)),
          machine_(make, zeroed_ram()) {
        if (mode & 1) features |= Machine::packed;
        if (mode & 2) features |= Machine::indirect;
        if (mode & 4) features |= Machine::event_index;
        if (mode & 8) machine_.function.write_config(0x42, 2, 0x8000);
        machine_.start(features & machine_.offered(), queues);
    }

    Machine& machine() { return machine_; }

    void run() {
        for (unsigned step = 0; step < 2000 && !script_.ended(); ++step) act();
    }

  private:
    /// The RAM of all inputs, one after the other: new pages take longer than most inputs do.
    static std::vector<u8>& lasting_ram() {
        static std::vector<u8> ram(ram_size);
        return ram;
    }
    static std::vector<u8> zeroed_ram() {
        std::vector<u8> ram = std::move(lasting_ram());
        std::fill(ram.begin(), ram.end(), u8{0});
        return ram;
    }

    /// A place within the rings of all queues, or right behind them.
    u64 place() { return 0x1000 + script_.number(2) % (0x3000 * queues_ + 0x100); }
    u16 queue(u64 choice) const { return static_cast<u16>((choice >> 4) % queues_); }

    void act() {
        const u64 choice = script_.number(1);
        switch (choice % 9) {
        case 0: put_up(); return machine_.notify_queue(queue(choice));
        case 1: return machine_.let_time_pass();
        case 2: return machine_.memory.put(place(), script_.number(8));
        case 3: return machine_.memory.put(place(), static_cast<u16>(script_.number(2)));
        case 4: return add_buffer(queue(choice));
        case 5: return access_registers();
        case 6:
            is_put_up_ = false;
            return machine_.function.write_config(static_cast<u8>(script_.number(1) & 0xfc), 4,
                                                  static_cast<u32>(script_.number(4)));
        case 7: return from_world_();
        case 8: return load_altered();
        }
    }

    /// As a proper driver would, of segments and with contents that may be anything.
    void add_buffer(u16 queue) {
        std::array<device::fixture::DriverRing::Segments, 2> parts;
        const u64 first = 0x1000 + u64{0x3000} * queues_;
        for (auto& segments : parts)
            for (u64 count = script_.number(1) % 4; count > 0; --count)
                segments.push_back({first + script_.number(3) % (ram_size + 0x1000 - first),
                                    static_cast<u32>(script_.number(3))});
        if (parts[0].empty() && parts[1].empty()) return;
        if (!parts[0].empty() && parts[0][0].address < ram_size - 0x8000)
            machine_.memory.put_bytes(parts[0][0].address, script_.bytes(32));
        if (script_.number(1) & 1)
            machine_.rings[queue]->add_indirect(ram_size - 0x8000, parts[0], parts[1]);
        else
            machine_.rings[queue]->add(parts[0], parts[1]);
    }

    /// After whatever may have moved the registers.
    void put_up() {
        if (!is_put_up_) machine_.put_up();
        is_put_up_ = true;
    }

    void access_registers() {
        put_up();
        const auto structures =
            machine_.function.bars()->claim(device::PciSpace::memory, Machine::structures_base, 1);
        const auto msix = machine_.function.bars()->claim(device::PciSpace::memory, Machine::msix_base, 1);
        const std::array windows{Window{structures->region, 0x38}, Window{structures->region, 0x4000},
                                 Window{msix->region, device::PciMsix::region_size}};
        access(script_, windows);
    }

    /// Loads a state that was saved and then changed in one place.
    void load_altered() {
        if (!script_.may_take_long()) return;
        finish_();
        is_put_up_ = false;
        std::vector<u8> contents = device::fixture::saved(machine_.function);
        contents[script_.number(2) % contents.size()] ^= static_cast<u8>(script_.number(1));
        state::Reader reader(contents, "fuzz");
        machine_.function.visit(reader);
    }

    Script& script_;
    const u16 queues_;
    std::function<void()> from_world_, finish_;
    Machine machine_;
    bool is_put_up_ = true;
};

} // namespace ringer::fuzz
