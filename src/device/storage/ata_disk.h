#pragma once

#include "device/storage/ide_drive.h"
#include "device/storage/medium.h"
#include "device/storage/medium_worker.h"

namespace ringer::device {

/// A hard disk with the commands of ATA/ATAPI-6 (T13/1410D): PIO and DMA, 28- and 48-bit addresses and those
/// by cylinder, head and sector, and the write cache, which FLUSH CACHE empties.
class AtaDisk final : public IdeDrive {
  public:
    static constexpr u64 sector_size = 512;
    /// What 48-bit addresses reach.
    static constexpr u64 most_sectors = u64{1} << 48;

    /// `medium` has a whole number of sectors, at least one. It and its `worker`, nullptr being none, must
    /// outlive the disk. `serial` tells disks of a machine apart.
    AtaDisk(TimerQueue& timers, Medium& medium, unsigned serial, MediumWorker* worker = nullptr);

  private:
    enum class Operation : u8 { none, read, write, read_dma, write_dma, verify, flush };

    struct State {
        Operation operation = Operation::none;
        u64 sector = 0;                       ///< The next one to be moved.
        u32 remaining = 0;                    ///< Sectors.
        u8 multiple = 0;                      ///< Sectors of a block in READ and WRITE MULTIPLE; 0: not set.
        u8 block = 1;                         ///< The same of the current command.
        u8 transfer_mode = 0;                 ///< As SET FEATURES was given it.
        u16 heads = 0, sectors_per_track = 0; ///< The current translation.
        bool write_cache = true;
        bool is_wide = false; ///< The current command has a 48-bit address.
    };

    /// What addresses a command has.
    enum class Width : u8 { bits_28, bits_48 };

    void execute(u8 command) override;
    void work() override;
    void data_taken() override;
    void data_given() override;
    void abandon_work() override;
    void reset_commands() override;
    void visit_commands(state::Archive& archive) override;

    void identify();
    void set_features();
    void initialize_parameters();
    void set_multiple();
    void read_native_max(Width width);
    void begin_transfer(Operation operation, Width width, u8 block = 1);

    /// @name What moves goes through buffer() in pieces
    /// @{
    std::optional<bool> begin_piece();
    std::optional<bool> read_medium();
    std::optional<bool> write_medium();
    std::optional<bool> leave_to_worker(MediumWorker::Job job);
    bool end_piece(bool success);
    bool take_by_dma();
    bool give_by_dma();
    bool advance_dma(u32 count);
    u32 piece_sectors() const;
    void advance(u32 count);
    /// @}

    bool take_address(Width width);
    std::optional<u64> requested_sector(Width width) const;
    void put_address(u64 sector, Width width);
    void finish();
    void leave_last_address();
    void fail_medium();
    u64 sectors() const { return medium_.size() / sector_size; }

    Medium& medium_;
    MediumWorker* const worker_;
    const unsigned serial_;
    State state_;
    /// The worker has something of this disk. No state: nothing is under way while the machine does not run.
    bool is_under_way_ = false;
};

} // namespace ringer::device
