#pragma once

#include "base/types.h"
#include "display/screen.h"

#include <optional>
#include <string>

namespace ringer::host {

/// Shows the screen of a text mode on a terminal that knows xterm's sequences and UTF-8. It only makes the
/// text; somebody else writes it there.
class TextTerminal {
  public:
    /// What has the terminal show the present screen, given what it has been shown; empty when it is the
    /// same.
    std::string update(const display::Screen& screen);

    /// Before the first update, and after the last.
    static constexpr std::string_view begin = "\x1b[?1049h\x1b[2J", end = "\x1b[0m\x1b[?25h\x1b[?1049l";

  private:
    std::string update_text(const display::TextScreen& text);
    std::string update_notice(const display::Screen& screen);

    std::optional<display::TextScreen> shown_;
    std::string notice_; ///< What is shown in place of text.
};

/// The character of code page 437 as UTF-8; those that would control a terminal by their symbols.
std::string utf8_of_437(u8 character);

} // namespace ringer::host
