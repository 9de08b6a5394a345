#pragma once

#include "base/result.h"
#include "cli/run_options.h"
#include "device/storage/medium.h"
#include "device/storage/medium_worker.h"
#include "machine/pc.h"

#include <functional>
#include <memory>
#include <vector>

namespace ringer::cli {

/// The images of a machine's disks, CD-ROMs and floppy disks, open and locked. They must outlive the machine.
class GuestMedia {
  public:
    /// `options` must outlive it.
    static Result<GuestMedia> open(const RunOptions& options);

    /// The same for reading alone: what machines write goes to views of them.
    static Result<GuestMedia> open_for_reading(const RunOptions& options);

    /// The same images for one machine, whose writes stay in the view. This must outlive it.
    GuestMedia private_view() const;

    /// Has disks not keep the vCPU waiting for the host: what takes long is done by threads, which call
    /// `wake` when something is done. What a run does then depends on the host's speed.
    void start_workers(const std::function<void()>& wake);

    /// @name What the machine has of them
    /// @{
    std::vector<machine::IdeDriveOptions> ide_drives() const;
    std::vector<machine::VirtioDiskOptions> virtio_disks() const;
    std::vector<device::Medium*> floppies() const;
    /// @}

  private:
    using Media = std::vector<std::unique_ptr<device::Medium>>;

    explicit GuestMedia(const RunOptions& options) : options_(&options) {}
    static Result<GuestMedia> open(const RunOptions& options, bool for_reading);
    device::MediumWorker* worker_of(std::size_t drive) const;

    const RunOptions* options_;
    Media drives_, floppies_; ///< In the order of the options.
    /// Of the drives, where there are any; they end before the media.
    std::vector<std::unique_ptr<device::MediumWorker>> workers_;
};

} // namespace ringer::cli
