#pragma once

#include "device/fixture/fixture.h"
#include "device/interrupt/apic_bus.h"
#include "device/interrupt/local_apic.h"

#include <vector>

namespace ringer::device::fixture {

/// A vCPU's pins that note what happens on them.
class PinsProbe final : public CpuPins {
  public:
    void set_interrupt(bool pending) override {
        RINGER_ASSERT(pending != interrupt);
        interrupt = pending;
    }
    void nmi() override { ++nmis; }
    void init() override { ++inits; }
    void startup(u8 vector) override { startups.push_back(vector); }

    bool interrupt = false;
    unsigned nmis = 0;
    unsigned inits = 0;
    std::vector<u8> startups;
};

/// A PIC with one vector, whose wire falls when it is acknowledged.
class ExternalProbe final : public ExternalInterrupt {
  public:
    u8 acknowledge() override {
        ++acknowledged;
        intr.set(false);
        return 0x38;
    }

    Wire intr;
    unsigned acknowledged = 0;
};

/// A vCPU's local APIC with what surrounds it, attached to a bus, and the guest's accesses to it.
struct ApicUnderTest {
    ApicUnderTest(u32 id, TimerQueue& timers, ApicBus& bus)
        : apic({.id = id, .bootstrap = id == 0, .physical_address_bits = 40}, timers, bus, pins, external) {
        bus.attach(apic);
        external.intr.connect(apic, LocalApic::lint0);
        lint1.connect(apic, LocalApic::lint1);
    }

    u32 read(u64 offset) {
        u64 value = 0;
        RINGER_ASSERT(apic.read(offset, 4, value) == memory::Answer::now);
        return static_cast<u32>(value);
    }
    void write(u64 offset, u32 value) { RINGER_ASSERT(apic.write(offset, 4, value) == memory::Answer::now); }
    bool write_msr(u32 number, u64 value) { return apic.write_msr(number, value, 0); }

    /// Enables it by software, with spurious vector 0xff.
    void enable() { write(0xf0, 0x1ff); }
    bool enter_x2apic() { return write_msr(0x1b, *apic.read_msr(0x1b) | 1 << 10); }

    /// Whether `vector` is in the 256-bit register that starts at `offset`.
    bool has(u64 offset, u8 vector) { return read(offset + vector / 32 * 0x10) >> vector % 32 & 1; }
    bool in_service(u8 vector) { return has(0x100, vector); }
    bool level_triggered(u8 vector) { return has(0x180, vector); }
    bool requested(u8 vector) { return has(0x200, vector); }

    /// The error status, as a guest reads it.
    u32 errors() {
        write(0x280, 0);
        return read(0x280);
    }

    PinsProbe pins;
    ExternalProbe external;
    Wire lint1;
    LocalApic apic;
};

} // namespace ringer::device::fixture
