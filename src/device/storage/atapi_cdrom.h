#pragma once

#include "device/storage/cdrom_replies.h"
#include "device/storage/ide_drive.h"
#include "device/storage/medium.h"

namespace ringer::device {

/// A CD-ROM drive with the packet interface (ATA/ATAPI-6, 9.9 and 9.10; commands: INCITS MMC-4), and a disc
/// of one data track in it that cannot be taken out.
class AtapiCdrom final : public IdeDrive {
  public:
    static constexpr u64 sector_size = 2048;
    /// What addresses of 32 bits reach.
    static constexpr u64 most_sectors = u64{1} << 32;

    /// `medium` has a whole number of sectors, at least one, and must outlive the drive.
    AtapiCdrom(TimerQueue& timers, Medium& medium, unsigned serial);

  private:
    static constexpr std::size_t packet_size = 12;

    struct State {
        bool runs_packet = false; ///< From PACKET on, to its end.
        bool by_dma = false;
        u32 limit = 0;             ///< Bytes that the host takes at once.
        std::vector<u8> pending{}; ///< Data for the host that is not in the buffer yet.
        u32 sector = 0;            ///< The next one to be read.
        u32 remaining = 0;         ///< Sectors.
        u8 sense_key = 0, sense_code = 0, sense_qualifier = 0;
        bool unit_attention = false; ///< The host has yet to be told of the reset.
    };

    void execute(u8 command) override;
    void work() override;
    void data_taken() override;
    void data_given() override;
    void reset_commands() override;
    void visit_commands(state::Archive& archive) override;

    void identify();
    void begin_packet();
    void run_packet(std::span<const u8> packet);
    void read_toc(std::span<const u8> packet);
    void get_event_status(std::span<const u8> packet);
    void read_cd(std::span<const u8> packet);
    void begin_read(u32 sector, u32 count);
    void reply(std::span<const u8> data, std::size_t allowed);
    void reply_if(const std::optional<cdrom_replies::Reply>& data, std::size_t allowed);
    void send();
    void send_chunk();
    void send_by_dma();
    bool read_ahead();
    void succeed();
    void refuse(const cdrom_replies::Sense& sense);
    void set_sense(const cdrom_replies::Sense& sense);
    u32 sectors() const { return static_cast<u32>(medium_.size() / sector_size); }

    Medium& medium_;
    const unsigned serial_;
    State state_;
};

} // namespace ringer::device
