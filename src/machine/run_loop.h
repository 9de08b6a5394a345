#pragma once

#include "device/clock.h"
#include "device/serial/byte_sink.h"
#include "device/storage/medium_worker.h"
#include "device/virtio/virtio_balloon.h"
#include "device/virtio/virtio_console.h"
#include "engine/vcpu.h"
#include "machine/network_line.h"
#include "machine/panic_watch.h"
#include "machine/run_outcome.h"
#include "machine/serial_line.h"
#include "world/clocks.h"
#include "world/door.h"

#include <optional>
#include <vector>

namespace ringer::machine {

struct RunLimits {
    /// Stop exactly when the vCPU has retired this many instructions since power-on.
    std::optional<u64> max_instructions;
};

/// Runs the vCPU of a machine until something ends the run. Between two runs of the vCPU it lets timers
/// expire, carries bytes between the serial ports and the outside, and looks at what the operator wants:
/// these are the moments at which anything from the outside can reach the machine. Knows the guest CPU only
/// as an engine::Vcpu.
class RunLoop {
  public:
    /// A serial port, or a console, and its line.
    struct Serial {
        device::ByteReceiver& end;
        SerialLine& line;
    };

    /// Where a person sits: what keyboard and pointer are attached to, and what there is to be seen.
    struct Seat {
        device::InputSink& input;
        const display::Screen& screen;
    };

    /// What belongs to the machine; all must outlive the loop. `panic_watch` sees the console's output.
    struct Parts {
        engine::Vcpu& vcpu;
        world::MachineClock& clock;
        device::TimerQueue& timers;
        world::Outside& outside;
        PanicWatch& panic_watch;
        std::vector<Serial> serial;
        device::VirtioConsole* console = nullptr; ///< Of those, the one that is told its terminal's size.
        device::VirtioBalloon* balloon = nullptr; ///< That the operator may look at and set.
        std::vector<SerialLine*> output_only{};   ///< Lines that nothing comes in by.
        std::vector<NetworkLine*> networks{};
        std::optional<Seat> seat{};
        std::vector<device::MediumWorker*> workers{}; ///< Of its drives.
    };

    explicit RunLoop(Parts parts);
    ~RunLoop();
    RunLoop(const RunLoop&) = delete;
    RunLoop& operator=(const RunLoop&) = delete;

    /// When it returns, no worker of a drive has anything under way.
    RunOutcome run(const RunLimits& limits);

    /// Ends the run after the current instruction; for devices that end it, in the middle of a run. The first
    /// call counts. A reset of a guest that has panicked is told as the panic.
    void end(EndReason reason, u32 code = 0);

  private:
    struct Ending {
        EndReason reason;
        u32 code;
    };

    /// How often the outside is looked at, while the vCPU runs.
    static constexpr Nanoseconds look_interval = 100'000;
    /// By how many instructions a run may end before that: more than an engine runs as one.
    static constexpr u64 slack = 150;

    void look_outside();
    bool deliver_input();
    void flush_output();
    void heed_request();
    engine::Budget budget(const RunLimits& limits);
    void handle(const engine::Exit& exit);
    void idle();
    void deadline_moved();

    Parts parts_;
    std::optional<Ending> ending_;
    std::optional<Nanoseconds> planned_deadline_; ///< The one that the current run stops in time for.
    bool running_ = false;                        ///< Within Vcpu::run().
    std::map<std::string_view, u64> exits_;
};

} // namespace ringer::machine
