#pragma once

#include "device/serial/terminal_size.h"

namespace ringer::host {

/// Holds the terminal at a descriptor in raw mode, so that every key reaches the guest, and puts it back
/// however the process ends: by return, exit(), or any signal that can be caught. Stopping and continuing the
/// process puts it back and makes it raw again. Only one may exist in a process, for a process has one
/// terminal. Signals that were handled before are left to that handler first, as faults of a guest are.
///
/// Output processing stays as it was, so that lines of Ringer's own still start in the first column.
class RawTerminal {
  public:
    /// `descriptor` refers to a terminal and stays open for as long as this lives.
    explicit RawTerminal(int descriptor);
    ~RawTerminal();
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;
};

/// The size of the terminal at a descriptor; zeros when it is not known.
device::TerminalSize terminal_size(int descriptor);

} // namespace ringer::host
