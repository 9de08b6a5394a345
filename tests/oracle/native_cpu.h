#pragma once

#include "trial.h"

#include <span>
#include <vector>

namespace ringer::oracle {

/// A descriptor of the host's GDT as far as LAR and LSL tell of it; its base is taken to be 0.
struct VisibleDescriptor {
    u16 selector;
    u64 low;
};
/// On the CPU that the caller runs on.
std::vector<VisibleDescriptor> visible_descriptors();

/// Makes a local descriptor table of local_segments for the calling process and those that it forks from now
/// on. False when the host's kernel does not let it.
bool load_local_segments();

/// The real CPU. It executes in the very process that owns this: the process is entered by an IRET that loads
/// the trial's registers, and left by the signal that every trial ends with.
///
/// One in a process, which should do nothing else that matters: a trial may ruin it.
class NativeCpu {
  public:
    /// Maps the pages of layout.h, and takes over the signals of exceptions and SIGVTALRM.
    NativeCpu();
    NativeCpu(const NativeCpu&) = delete;
    NativeCpu& operator=(const NativeCpu&) = delete;

    /// The pages of layout.h as a memory object.
    std::span<u8> memory() const { return memory_; }

    Outcome run(const Trial& trial);

  private:
    /// Into shared state, which says whether it was let run to its end.
    void run_once(const Trial& trial);

    std::span<u8> memory_;
};

} // namespace ringer::oracle
