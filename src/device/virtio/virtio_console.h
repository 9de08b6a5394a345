#pragma once

#include "device/clock.h"
#include "device/serial/byte_sink.h"
#include "device/serial/terminal_size.h"
#include "device/virtio/virtio_device.h"

#include <optional>

namespace ringer::device {

/// A console (virtio 1.2, 5.3) of one port. What the guest sends goes to a ByteSink, and what it receives is
/// offered to it between two runs of the vCPU.
class VirtioConsole final : public VirtioDevice, public ByteReceiver {
  public:
    static constexpr u16 queue_size = 128;

    /// `size` is that of the terminal behind the line, if there is one: the driver is told it then, and told
    /// again when it changes. `sink` must outlive the device.
    VirtioConsole(TimerQueue& timers, ByteSink& sink, std::optional<TerminalSize> size)
        : sink_(sink), has_size_(size.has_value()), timers_(timers), timer_(timers, [this] { transmit(); }),
          interrupt_timer_(timers, [this] { interrupt(); }), listen_timer_(timers, [this] { listen(); }),
          state_{.size = size.value_or(TerminalSize{})} {}

    u16 type() const override { return 3; }
    u32 class_code() const override { return 0x07'8000; } // a communication controller
    u64 features() const override;
    bool has_packed_rings() const override;
    std::vector<u16> queue_sizes() const override { return {queue_size, queue_size}; }
    u8 read_configuration(u64 offset) const override;
    void write_configuration(u64 offset, u8 value) override;
    void notified(unsigned index) override;
    void reset() override;
    void visit(state::Archive& archive) override;

    std::size_t room() const override;
    std::size_t receive(std::span<const u8> line) override;

    /// The terminal has this size now. True: that is another one than before.
    bool resize(TerminalSize size);

  private:
    struct State {
        TerminalSize size{};
        u64 sent = 0;                     ///< Of the buffer that is next to be sent: its first bytes.
        std::optional<Nanoseconds> due{}; ///< When sending goes on.
        std::optional<Nanoseconds> interrupts_at{}; ///< What was sent is told of then.
        bool listens = false;                       ///< Whether the driver may be given something.
        std::optional<Nanoseconds> listens_at{};
    };

    void listen();
    void transmit();
    void interrupt();
    bool send(VirtioCursor& cursor, u64 count);

    ByteSink& sink_;
    const bool has_size_;
    TimerQueue& timers_;
    Timer timer_, interrupt_timer_, listen_timer_;
    State state_;
};

} // namespace ringer::device
