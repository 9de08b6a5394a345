#pragma once

#include "device/clock.h"
#include "state/archive.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace ringer::device {

/// The command block's registers, by their offset (ATA/ATAPI-6, 7.2 to 7.15).
enum class IdeRegister : u8 {
    data,
    error_features,
    count,
    lba_low,
    lba_mid,
    lba_high,
    device,
    status_command
};

/// Bits of the status and error registers.
namespace ide_status {
inline constexpr u8 error = 1 << 0, data_request = 1 << 3, seek_complete = 1 << 4, device_fault = 1 << 5,
                    ready = 1 << 6, busy = 1 << 7;
}
namespace ide_error {
inline constexpr u8 aborted = 1 << 2, id_not_found = 1 << 4, uncorrectable = 1 << 6;
}

/// What a drive reaches by its cable.
class IdeCable {
  public:
    virtual ~IdeCable() = default;

    /// The drive's interrupt_pending() has changed.
    virtual void interrupt_changed() = 0;

    /// Whether the host's end is ready to move data by DMA in this direction.
    virtual bool dma_ready(bool to_memory) const = 0;

    /// Moves bytes into memory or out of it. Returns how many there was room for; nullopt when memory could
    /// not be accessed.
    virtual std::optional<std::size_t> move_by_dma(std::span<u8> bytes, bool to_memory) = 0;

    /// The drive has moved all that it wanted to.
    virtual void dma_finished() = 0;
};

/// What every drive on an IDE cable does alike (ATA/ATAPI-6, T13/1410D): its registers, the phases in which
/// data moves, its interrupt and its resets. What commands mean is the derived class's affair.
///
/// Work that touches the medium happens when a timer expires, never in the middle of an access.
class IdeDrive {
  public:
    virtual ~IdeDrive() = default;
    IdeDrive(const IdeDrive&) = delete;
    IdeDrive& operator=(const IdeDrive&) = delete;

    /// From now on it is at the end of `cable`, which must outlive its use.
    void attach(IdeCable& cable) { cable_ = &cable; }

    /// `previous`: the register's older contents, as bit HOB of the device control register selects.
    u8 read_register(IdeRegister which, bool previous);
    /// Both drives of a cable see writes, and only the selected one the commands.
    void write_register(IdeRegister which, u8 value);
    void write_command(u8 command);
    /// The status register without ending the interrupt.
    u8 status() const { return state_.status; }

    /// The data register: 16 bits; zeros when there is nothing.
    u16 read_data();
    void write_data(u16 value);

    /// The host's end has become ready for DMA.
    void dma_started();

    bool interrupt_pending() const { return state_.interrupt; }

    /// Power-on, and bit SRST of the device control register.
    void reset();
    void software_reset();

    /// EXECUTE DEVICE DIAGNOSTIC, which all drives of a cable carry out (8.11).
    void run_diagnostic(bool with_interrupt);
    /// Whether it is busy or data are moving.
    bool is_in_command() const;

    void visit(state::Archive& archive);

  protected:
    /// What the registers hold after a reset tells disks and packet devices apart (9.12).
    struct Signature {
        u8 lba_mid, lba_high, status;
        bool is_packet_device = false;
    };

    IdeDrive(TimerQueue& timers, Signature signature);

    /// @name What a derived class does
    /// @{
    virtual void execute(u8 command) = 0;
    /// The moment for it has come after begin_work() or begin_dma().
    virtual void work() = 0;
    /// The host has taken all of the data that begin_data_in() offered, or given all that begin_data_out()
    /// asked for.
    virtual void data_taken() = 0;
    virtual void data_given() = 0;
    /// Afterwards, nothing that work() has begun touches buffer() or calls back.
    virtual void abandon_work() {}
    virtual void reset_commands() = 0;
    virtual void visit_commands(state::Archive& archive) = 0;
    /// @}

    /// @name The phases of a command
    /// @{
    /// BSY, until the medium has done its part.
    void begin_work();
    /// BSY, until the host's end is ready for DMA and the medium has done its part.
    void begin_dma(bool to_memory);
    /// DRQ with what buffer() holds.
    void begin_data_in();
    /// DRQ for as many bytes.
    void begin_data_out(std::size_t size, bool with_interrupt);
    void complete(bool with_interrupt = true);
    void fail(u8 error, u8 status = 0);
    /// @}

    struct TaskFile {
        u8 features = 0, count = 0, lba_low = 0, lba_mid = 0, lba_high = 0;
    };

    const TaskFile& task() const { return state_.task; }
    const TaskFile& previous_task() const { return state_.previous; }
    TaskFile& task() { return state_.task; }
    u8 device_register() const { return state_.device; }
    /// Bits 24 and up of an address of 48 bits.
    void set_previous_address(u64 upper);
    void set_device_register(u8 value) { state_.device = value; }
    void set_error(u8 error) { state_.error = error; }
    std::vector<u8>& buffer() { return state_.buffer; }
    IdeCable& cable() { return *cable_; }
    void put_signature();

    /// As software_reset(), but the drive stays the selected one.
    void reset_selected();
    void raise_interrupt() { set_interrupt(true); }

  private:
    enum class Phase : u8 { idle, working, waiting_for_dma, data_in, data_out };

    struct State {
        TaskFile task{}, previous{};
        u8 device = 0;
        u8 status = 0;
        u8 error = 0;
        bool interrupt = false;
        Phase phase = Phase::idle;
        bool dma_to_memory = false;
        std::vector<u8> buffer{}; ///< What moves through the data register.
        u32 position = 0;         ///< In the buffer, of the next byte.
        Nanoseconds due = 0;      ///< While working: when it is done.
    };
    friend void visit(state::Archive& archive, TaskFile& task);

    void set_interrupt(bool level);

    TimerQueue& timers_;
    const Signature signature_;
    IdeCable* cable_ = nullptr;
    Timer timer_;
    State state_;
};

} // namespace ringer::device
