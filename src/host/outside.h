#pragma once

#include "base/result.h"
#include "host/descriptor.h"
#include "host/escape.h"
#include "host/stop_signals.h"
#include "host/terminal.h"
#include "host/text_terminal.h"
#include "host/viewer.h"
#include "world/door.h"

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ringer::host {

/// What the first serial port, or the console, is connected to. Other lines that bytes come in by are
/// connected to nothing.
struct LineBackend {
    enum class Kind {
        stdio, ///< Standard input and output; a terminal is made raw, and Ctrl-A is the operator's.
        file,  ///< Output goes to the file `path`; there is no input.
        none,  ///< Output is dropped; there is no input.
    };
    Kind kind = Kind::stdio;
    std::string path;
};

/// The screen on the terminal, and the keys typed there that the machine has not got yet.
struct TextSeat {
    TextTerminal terminal;
    LookTimes look_times;
    std::deque<device::KeyEvent> keys;
};

/// The host's side of the door. Catches the signals that end a run for as long as it lives, so only one may
/// exist.
class HostOutside final : public world::Outside {
  public:
    /// A file that cannot be opened, or a standard output that is closed, is an error. At most one of the two
    /// may be connected to standard input and output.
    static Result<std::unique_ptr<HostOutside>> open(const LineBackend& serial,
                                                     const std::optional<LineBackend>& console = {});

    /// Writes what firmware says of itself to the file `path`, which option `role` names.
    Result<void> log_firmware(std::string_view role, const std::string& path);

    /// Shows the screen's text on the terminal at standard output, and has keys typed there reach the
    /// machine's keyboard. Nothing else may be connected to standard input and output.
    Result<void> show_text();

    /// Has `viewer` see the screen and sit at keyboard and pointer.
    void add_viewer(std::unique_ptr<Viewer> viewer) { viewers_.push_back(std::move(viewer)); }

    ~HostOutside() override;

    /// Makes request() answer `timeout` once `limit` has gone by from now.
    void set_timeout(Nanoseconds limit);

    Nanoseconds monotonic() override;
    u64 time_of_day() override;
    std::size_t receive(unsigned line, std::span<u8> buffer) override;
    void send(unsigned line, std::span<const u8> contents) override;
    std::optional<device::TerminalSize> console_size() override;
    std::optional<device::InputEvent> next_input() override;
    void look(const display::Screen& screen) override;
    void operate(device::VirtioBalloon& balloon) override;
    void wait(std::optional<Nanoseconds> at_most) override;
    void wake() override;
    Request request() override;

    /// The signal that asked for the end of the run, or 0.
    int stop_signal() const { return signals_.received(); }

    /// Why request() answers `failure`.
    const std::optional<Error>& failure() const { return failure_; }

  private:
    HostOutside() = default;

    Result<void> connect(unsigned line, std::string_view role, const LineBackend& backend);
    Result<void> open_line(unsigned line, std::string_view role, const std::string& path);
    bool wants_input() const;
    void take_input();
    void take_keys(std::span<const u8> keys);
    void tell(std::string_view text);
    void save_screenshot(const display::Screen& screen);
    bool wait_for_room(int output);
    std::optional<Nanoseconds> time_left(std::optional<Nanoseconds> at_most);

    StopSignals signals_;
    std::optional<RawTerminal> terminal_;
    EscapeFilter escape_;
    int input_ = -1;                                 ///< -1 when there is none, or no more.
    unsigned input_line_ = world::first_serial_line; ///< The line that it comes in by.
    std::optional<device::TerminalSize> size_;       ///< Of the terminal, as it was last seen.

    struct Output {
        int descriptor = -1; ///< -1 drops what is sent.
        Descriptor file{};   ///< When it is not a standard stream.
        std::string name{};
    };
    static constexpr unsigned text_line = world::lines;
    std::array<Output, text_line + 1> outputs_;

    std::vector<u8> typed_; ///< Come in and not yet received by the machine.
    std::optional<TextSeat> text_;
    std::vector<std::unique_ptr<Viewer>> viewers_;
    bool screenshot_wanted_ = false;
    bool quit_ = false;
    bool woken_ = false; ///< A wake() was noticed outside of wait().
    std::optional<Nanoseconds> timeout_at_;
    std::optional<Error> failure_;
};

} // namespace ringer::host
