#pragma once

#include "base/result.h"
#include "host/descriptor.h"

#include <string>
#include <string_view>
#include <vector>

namespace ringer::host {

/// Another program that works for this one, in a session of its own, so that keys and hang-ups of the
/// terminal do not reach it. It has no input and its output goes nowhere, but for what it says on standard
/// error, which is kept, up to a pipe's size.
class ChildProgram {
  public:
    /// Where a program is, and the Debian package that has it.
    struct Program {
        std::string_view name, package;
    };

    /// Starts `program`, found by PATH, with these arguments. `listener`, if any, becomes the socket that it
    /// is to listen on, by the protocol of socket activation (sd_listen_fds(3)). Errors begin with `subject`.
    static Result<ChildProgram> start(std::string_view subject, const Program& program,
                                      const std::vector<std::string>& arguments, Descriptor listener = {});

    ChildProgram(ChildProgram&& other) noexcept;
    ChildProgram& operator=(ChildProgram&& other) = delete;

    /// Waits for its end, which somebody else must have brought about.
    ~ChildProgram();

    /// Waits for its end; its exit status, or -1 when a signal has ended it.
    int wait();

    /// What it has said, the beginning of it as one line, without its name in front. Waits until it can say
    /// no more: call it when its end is near.
    std::string words();

  private:
    ChildProgram(std::string name, int process, Descriptor said)
        : name_(std::move(name)), process_(process), said_(std::move(said)) {}

    std::string name_;
    int process_ = -1;
    Descriptor said_; ///< The end of a pipe.
};

} // namespace ringer::host
