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
#include <thread>

namespace ringer::host {

/// Gives pictures of the screen to other processes of the same user (screenshot_socket.h). A thread of its
/// own waits for them and makes the pictures into files, so that the guest does not wait.
class ScreenshotServer final : public Viewer {
  public:
    /// `wake` has the run loop call look() soon; it is called by another thread.
    static Result<std::unique_ptr<ScreenshotServer>> open(std::function<void()> wake);
    ~ScreenshotServer() override;

    void look(const display::Screen& screen) override;

  private:
    ScreenshotServer(Descriptor listener, Descriptor stop, std::function<void()> wake);

    void serve();
    void answer(const Descriptor& connection);
    /// Waits for the next look(); nullopt when none came in time, or this ends.
    std::optional<display::Picture> next_picture();

    Descriptor listener_;
    Descriptor stop_; ///< An eventfd, readable when this is to end.
    std::function<void()> wake_;

    std::atomic<bool> wanted_ = false;
    std::mutex mutex_; ///< Of what follows.
    std::condition_variable looked_;
    bool ends_ = false;
    std::optional<display::Picture> picture_;

    std::thread thread_; ///< Last: it uses all of the above.
};

} // namespace ringer::host
