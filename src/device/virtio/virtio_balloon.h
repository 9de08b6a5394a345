#pragma once

#include "device/clock.h"
#include "device/virtio/virtio_device.h"

#include <array>
#include <optional>
#include <string_view>

namespace ringer::device {

/// A balloon (virtio 1.2, 5.5): the driver gives pages that its system does without, and the host has them
/// back until it takes them again. It also reports pages that are free, and tells of its memory.
class VirtioBalloon final : public VirtioDevice {
  public:
    static constexpr u16 queue_size = 128;

    struct Options {
        u32 pages = 0;               ///< How large it is to be at first.
        bool deflates_on_oom = true; ///< The driver may take pages by itself before it kills a process.
        bool reports_free = true;    ///< The driver reports pages that are free.
    };

    /// What the driver tells of its memory (5.5.6.3), by tag.
    static constexpr std::array<std::string_view, 10> statistic_names{
        "swapped_in_bytes",     "swapped_out_bytes", "major_faults",    "minor_faults",
        "free_bytes",           "total_bytes",       "available_bytes", "caches_bytes",
        "huge_pages_allocated", "huge_page_failures"};

    struct Report {
        u32 target_pages = 0, actual_pages = 0;
        u64 released = 0; ///< How many bytes the host has been given so far, each time that it was.
        u64 updates = 0;  ///< How often the driver has told statistics.
        std::array<std::optional<u64>, statistic_names.size()> statistics{};
    };

    VirtioBalloon(TimerQueue& timers, const Options& options)
        : options_(options), timers_(timers), timer_(timers, [this] { work(); }),
          state_{.target = options.pages} {}

    u16 type() const override { return 5; }
    u32 class_code() const override { return 0xff'0000; } // of no class
    u64 features() const override;
    std::vector<u16> queue_sizes() const override;
    u8 read_configuration(u64 offset) const override;
    void write_configuration(u64 offset, u8 value) override;
    void notified(unsigned index) override;
    void reset() override;
    void visit(state::Archive& archive) override;

    /// Asks the driver to make the balloon this large.
    void set_target(u32 pages);

    /// Asks the driver to tell its statistics anew; false: nothing will come of it now.
    bool ask_for_statistics();

    Report report() const;

  private:
    struct State {
        u32 target = 0, actual = 0;
        u64 released = 0;
        std::optional<Nanoseconds> due{}; ///< When the queues are looked at.
        bool holds_buffer = false;        ///< Of the statistics: given back when new ones are wanted.
        u16 held_id = 0, held_slots = 0;
        u64 updates = 0;
        u16 known = 0; ///< Which statistics were told, a bit for each.
        std::array<u64, statistic_names.size()> statistics{};
    };

    void work();
    void inflate(VirtioQueue& queue, const VirtioBuffer& buffer);
    void take_back(VirtioQueue& queue, const VirtioBuffer& buffer);
    void take_statistics(VirtioQueue& queue);
    void serve(unsigned index, u64& allowance);

    const Options options_;
    TimerQueue& timers_;
    Timer timer_;
    State state_;
};

} // namespace ringer::device
