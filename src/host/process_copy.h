#pragma once

#include "base/result.h"
#include "base/types.h"
#include "host/descriptor.h"

#include <functional>
#include <string>
#include <string_view>

namespace ringer::host {

/// A copy of this process that sleeps until it is asked: a way back to how everything was when it was made,
/// down to caches and generated code. It shares memory with this process until one of them changes it, so it
/// costs page tables and the pages that change.
///
/// The process must have no other threads. A copy does not outlive the process that made it.
class ProcessCopy {
  public:
    /// `work` is called in the copy, once, with what ask() is given, and returns the answer. Nothing that it
    /// does is seen here but what it writes to open files. Signals that ask for the end of the process end a
    /// copy at once.
    static Result<ProcessCopy> make(const std::function<std::string(std::string_view request)>& work);

    ProcessCopy(ProcessCopy&& other) noexcept;
    ProcessCopy& operator=(ProcessCopy&& other) noexcept;
    ~ProcessCopy();

    /// Wakes the copy and waits for its answer; only once. An error when the copy ends without one.
    Result<std::string> ask(std::string_view request);

  private:
    ProcessCopy(int process, Descriptor channel) : process_(process), channel_(std::move(channel)) {}

    /// Waits for its end; the status as waitpid() gives it.
    int reap();

    int process_ = -1;
    Descriptor channel_;
};

} // namespace ringer::host
