#pragma once

#include "base/types.h"

#include <string_view>
#include <vector>

namespace ringer::host {

/// Picks the operator's commands out of what is typed at the console: Ctrl-A and a letter.
class EscapeFilter {
  public:
    enum class Command { none, quit, help, screenshot };

    /// Takes one typed byte. What is meant for the guest is appended to `guest`: a Ctrl-A is held back until
    /// the key after it tells whether it was a command; two in a row send one.
    Command take(u8 key, std::vector<u8>& guest);

    static constexpr std::string_view help = "Ctrl-A x  quit\n"
                                             "Ctrl-A s  save a picture of the screen\n"
                                             "Ctrl-A h  this help\n"
                                             "Ctrl-A Ctrl-A  send Ctrl-A to the guest\n";

  private:
    static constexpr u8 control_a = 0x01;

    bool after_control_a_ = false;
};

} // namespace ringer::host
