#pragma once

#include "device/interrupt/interrupt_message.h"

#include <vector>

namespace ringer::device {

/// The bus between the local APICs and I/O APICs of one machine. It holds no state: a message is delivered
/// within send().
class ApicBus final : public InterruptBus {
  public:
    /// What is attached is not owned and must outlive the bus's use.
    void attach(InterruptTarget& local_apic) { local_apics_.push_back(&local_apic); }
    void attach(EndOfInterruptListener& io_apic) { io_apics_.push_back(&io_apic); }

    bool send(const InterruptMessage& message) override;
    void end_of_interrupt(u8 vector) override;

  private:
    bool send_to_lowest_priority(const InterruptMessage& message);

    std::vector<InterruptTarget*> local_apics_;
    std::vector<EndOfInterruptListener*> io_apics_;
};

} // namespace ringer::device
