#pragma once

#include "device/byte_region.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/dma/isa_dma.h"
#include "device/floppy/floppy_drive.h"
#include "device/wire.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace ringer::device {

/// The PC's floppy disk controller, an Intel 82078 in its AT mode (by its datasheet and that of the 82077AA),
/// with up to two drives. Motors turn as soon as a disk is read. What an image cannot hold is left out:
/// deleted data, sectors of other sizes, FM.
///
/// Disks are read and written when a timer expires, one sector at a time.
class FloppyController final : public Device {
  public:
    static constexpr unsigned drive_count = 2;
    static constexpr u64 register_count = 6, input_register_count = 1;
    static constexpr unsigned dma_channel = 2;

    /// Both must outlive the controller.
    FloppyController(TimerQueue& timers, IsaDma& dma);

    /// Puts a drive with that disk at the place 0 (A:) or 1 (B:), which must be free.
    void attach(unsigned place, Medium& medium);

    memory::Region& registers() { return registers_; }           ///< 0x3f0 to 0x3f5
    memory::Region& input_register() { return input_register_; } ///< 0x3f7

    Wire& interrupt() { return interrupt_; } ///< IRQ6

    std::string_view name() const override { return "floppy"; }
    void reset() override;
    void visit(state::Archive& archive) override;

  private:
    /// How many drives the commands can name.
    static constexpr unsigned unit_count = 4;

    enum class Phase : u8 {
        command,   ///< Waits for a command or for the rest of it.
        working,   ///< Until the timer expires.
        data_in,   ///< The host takes buffer through the data register.
        data_out,  ///< The host fills buffer through the data register.
        result,    ///< The host takes the result.
        resetting, ///< Until the timer expires.
    };
    enum class Operation : u8 { none, read, write, verify, format, read_track, read_id };

    /// A sector as commands and results name it.
    struct Address {
        u8 cylinder = 0, head = 0, sector = 0;
    };
    /// Status registers 0 to 2.
    struct Status {
        u8 st0 = 0, st1 = 0, st2 = 0;
    };

    struct State {
        u8 output = 0; ///< The digital output register.
        u8 tape_drive = 0;
        u8 rate = 0;
        bool interrupt = false;
        Phase phase = Phase::command;
        Operation operation = Operation::none;
        std::vector<u8> command{};
        std::vector<u8> bytes{}; ///< What moves through the data register: a sector, or the result.
        u32 position = 0;        ///< In `bytes`, of the next.
        Address address{};       ///< Of the next sector.
        u8 side = 0;             ///< The head that reads it.
        u8 done = 0;             ///< Sectors that a command which counts them is through with.
        bool has_written = false;
        Nanoseconds due = 0; ///< When that is over, where the phase waits for time.
        std::array<u8, unit_count> cylinders{};
        std::array<u8, unit_count> seek_results{}; ///< Status register 0 of each unit's last seek.
        u8 seeking = 0, sought = 0; ///< A bit for each unit: on the way, and arrived but not asked for.
        Nanoseconds seek_due = 0;
        u8 polled = unit_count; ///< The next unit whose status after a reset is to be asked for.
        u8 specify_1 = 0, specify_2 = 0, configuration = 0, precompensation = 0, perpendicular = 0;
        u8 last_sector = 0; ///< EOT, or SC, of the last command that gave one.
        bool locked = false;
    };
    friend void visit(state::Archive& archive, Address& address);

    struct Command {
        u8 mask, code; ///< Bits that tell the command, and their values.
        u8 length;     ///< With its parameters.
        void (FloppyController::*execute)();
    };
    static const std::array<Command, 18> commands;
    static const Command* find_command(u8 code);

    u8 read_register(u64 offset);
    void write_register(u64 offset, u8 value);
    u8 read_input(u64 offset);
    void write_rate(u64 offset, u8 value);
    void write_output(u8 value);
    u8 main_status() const;
    u8 read_data();
    void write_data(u8 value);
    void write_command(u8 value);
    void settle_visited();

    void stop();
    void begin_software_reset();
    void end_software_reset();
    void set_interrupt(bool level);
    /// An interrupt that tells of something new.
    void raise_interrupt();

    /// @name Parts of the present command
    /// @{
    unsigned unit() const { return state_.command[1] & 3; }
    unsigned head() const { return state_.command[1] >> 2 & 1; }
    u8 parameter(std::size_t index) const { return state_.command[index]; }
    bool is_multi_track() const;
    bool has_dma() const;
    /// The drive that it is for; nullptr when there is none.
    FloppyDrive* drive();
    /// @}

    /// @name Commands
    /// @{
    void specify();
    void sense_drive_status();
    void write_sectors() { begin_transfer(Operation::write); }
    void read_sectors() { begin_transfer(Operation::read); }
    void recalibrate();
    void sense_interrupt_status();
    void read_id();
    void format_track();
    void dump_registers();
    void seek();
    void relative_seek();
    void version();
    void perpendicular_mode();
    void configure();
    void lock();
    void verify() { begin_transfer(Operation::verify); }
    void part_id();
    void read_track();
    /// @}

    void move_head(unsigned unit, int steps);
    void begin_seek(unsigned unit, u8 result);
    void end_seeks();

    void begin_transfer(Operation operation);
    void begin_work();
    /// Lets the host take or give what `bytes` has room for.
    void begin_data(Phase phase);
    void work();
    void work_on_format();
    void work_on_sector();
    void take_sector();
    void give_sector();
    void sector_done(bool terminal_count);
    /// Has `size` bytes come from the host. False when they are yet to come, or never will: the command has
    /// ended then.
    bool obtain(std::size_t size, bool& terminal_count);
    /// What keeps the next sector from being found or written.
    std::optional<Status> obstacle();
    std::optional<Status> missing_track();
    Status missing_sector();
    /// Whether no sector follows the present one in this command.
    bool is_last_sector() const;
    /// Goes to the next sector.
    void advance();

    void finish(Status status);
    void give_result(std::initializer_list<u8> bytes);

    TimerQueue& timers_;
    IsaDma& dma_;
    std::array<std::optional<FloppyDrive>, drive_count> drives_;
    Wire interrupt_;
    Timer work_timer_, seek_timer_;
    BytePorts<FloppyController> registers_, input_register_;
    State state_;
};

} // namespace ringer::device
