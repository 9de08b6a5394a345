#pragma once

#include "device/storage/medium.h"

#include <functional>

namespace ringer::device {

/// Does what takes long with a medium beside the vCPU, one job after the other in the order in which they
/// were started, but for reads. It is a part of the door: that a job is done is told between two runs of the
/// vCPU only.
class MediumWorker {
  public:
    virtual ~MediumWorker() = default;

    /// Runs on another thread; returns whether it succeeded. Of the machine it touches nothing but the medium
    /// and memory that the guest has handed over.
    using Job = std::move_only_function<bool()>;
    using Done = std::move_only_function<void(bool)>;

    /// Does not wait. While any job is under way, only jobs call the medium, but for its calls that say
    /// otherwise.
    virtual void start(Job job, Done done) = 0;

    /// The same for a read of the medium. Those which are started one after the other may be done together.
    virtual void start_read(Medium::Read read, Done done) = 0;

    /// Calls what was to be called for the jobs that are done by now; true when there were any. Costs nothing
    /// otherwise.
    virtual bool deliver() = 0;

    /// Waits until all jobs are done, those too which are started meanwhile, and delivers them.
    virtual void finish() = 0;

    /// Waits until all jobs are done, of which nobody is told any more.
    virtual void abandon() = 0;
};

} // namespace ringer::device
