#pragma once

#include "base/result.h"
#include "host/viewer.h"
#include "host/web_listener.h"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ringer::host {

struct VncOptions {
    static constexpr std::size_t longest_password = 8;

    std::string address; ///< IPv4, to listen at.
    u16 port = 0;
    std::string password{}; ///< At most longest_password characters; empty: anybody may come in.
    /// Viewers are browsers, which are given noVNC of this folder.
    std::optional<std::string> web_folder{};

    /// As Debian's package novnc has it.
    static constexpr std::string_view default_web_folder = "/usr/share/novnc";
};

/// A VNC server (RFC 6143, by libvncserver) whose viewers see the screen and share keyboard and pointer. A
/// thread of its own talks to them, so that a slow one does not stop the guest.
class VncDisplay final : public Viewer {
  public:
    /// `wake` has the run loop look soon and take input; it is called by another thread.
    static Result<std::unique_ptr<VncDisplay>> open(const VncOptions& options, std::function<void()> wake);
    ~VncDisplay() override;

    void look(const display::Screen& screen) override;
    std::optional<Nanoseconds> next_look() override;
    std::optional<device::InputEvent> next_input() override;

  private:
    /// libvncserver's, and what it calls back.
    struct Server;
    struct Hooks;

    VncDisplay(const VncOptions& options, std::function<void()> wake);

    Result<void> listen(const VncOptions& options);
    void serve();
    void show(const display::Picture& picture);
    void put(const device::InputEvent& event);
    void pointer_at(int buttons, int x, int y);

    std::function<void()> wake_;
    std::atomic<unsigned> viewers_ = 0;
    std::atomic<bool> ends_ = false;

    // Of the run loop's thread.
    LookTimes look_times_;
    std::shared_ptr<const display::Picture> seen_; ///< By the last look.

    std::mutex mutex_; ///< Of the next two.
    std::shared_ptr<const display::Picture> newest_;
    std::deque<device::InputEvent> events_;

    // The rest belongs to the serving thread.
    std::string password_;
    std::vector<char*> passwords_; ///< As libvncserver wants them.
    std::unique_ptr<Server> server_;
    std::optional<WebListener> web_;
    std::vector<u32> shown_; ///< As libvncserver reads it: red in the lowest byte.
    int pointer_x_ = 0, pointer_y_ = 0, wheel_buttons_ = 0;

    std::thread thread_; ///< Last: it uses all of the above.
};

} // namespace ringer::host
