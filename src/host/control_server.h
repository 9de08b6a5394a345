#pragma once

#include "base/result.h"
#include "host/descriptor.h"
#include "host/viewer.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace ringer::host {

/// Answers other processes of the same user (control_socket.h). A thread of its own waits for them and makes
/// the answers, so that the guest does not wait; what it needs of the machine the run loop's thread brings.
class ControlServer final : public Viewer {
  public:
    /// `wake` has the run loop call operate() and look() soon; it is called by another thread. `memory` is
    /// how many bytes a machine has whose balloon can be set, and nullopt without a balloon.
    static Result<std::unique_ptr<ControlServer>> open(std::function<void()> wake, std::optional<u64> memory);
    ~ControlServer() override;

    void look(const display::Screen& screen) override;
    void operate(device::VirtioBalloon& balloon) override;

  private:
    using Lock = std::unique_lock<std::mutex>;

    /// What is wanted of the balloon, and what became of it.
    struct BalloonRequest {
        std::optional<u32> pages;
        bool is_told = false;         ///< The balloon was set, and statistics were asked for.
        bool expects_updates = false; ///< And will come.
        u64 updates_before = 0;
        device::VirtioBalloon::Report report{};

        bool is_done() const { return is_told && (!expects_updates || report.updates != updates_before); }
    };

    ControlServer(Descriptor listener, Descriptor stop, std::function<void()> wake,
                  std::optional<u64> memory);

    void serve();
    void answer(const Descriptor& connection);
    std::string answer_to(std::string_view request);
    std::string picture_file();
    std::string balloon_state(std::string_view size);
    /// Waits until the run loop's thread has done what `is_done` asks for, or this ends.
    void wait_for(Lock& lock, const std::function<bool()>& is_done, std::chrono::seconds patience);

    Descriptor listener_;
    Descriptor stop_; ///< An eventfd, readable when this is to end.
    std::function<void()> wake_;
    const std::optional<u64> memory_;

    std::atomic<bool> wanted_ = false; ///< Something of the machine.
    std::mutex mutex_;                 ///< Of what follows.
    std::condition_variable served_;
    bool ends_ = false;
    bool picture_wanted_ = false;
    std::optional<display::Picture> picture_;
    std::optional<BalloonRequest> balloon_;

    std::thread thread_; ///< Last: it uses all of the above.
};

} // namespace ringer::host
