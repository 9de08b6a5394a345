#include "device/storage/ata_disk.h"

#include "base/assert.h"
#include "base/bits.h"
#include "device/storage/identify_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ringer::device {

namespace {

/// ATA/ATAPI-6, annex B, and the older commands that BIOSes and DOS still give.
enum Command : u8 {
    recalibrate = 0x10, ///< To 0x1F.
    read_sectors = 0x20,
    read_sectors_old = 0x21,
    read_sectors_ext = 0x24,
    read_dma_ext = 0x25,
    read_native_max_ext = 0x27,
    read_multiple_ext = 0x29,
    write_sectors = 0x30,
    write_sectors_old = 0x31,
    write_sectors_ext = 0x34,
    write_dma_ext = 0x35,
    write_multiple_ext = 0x39,
    verify_sectors = 0x40,
    verify_sectors_old = 0x41,
    verify_sectors_ext = 0x42,
    seek = 0x70, ///< To 0x7F.
    initialize_device_parameters = 0x91,
    read_multiple = 0xc4,
    write_multiple = 0xc5,
    set_multiple_mode = 0xc6,
    read_dma = 0xc8,
    read_dma_old = 0xc9,
    write_dma = 0xca,
    write_dma_old = 0xcb,
    standby_immediate = 0xe0,
    idle_immediate = 0xe1,
    standby = 0xe2,
    idle = 0xe3,
    check_power = 0xe5,
    flush_cache = 0xe7,
    flush_cache_ext = 0xea,
    identify_device = 0xec,
    set_features_command = 0xef,
    read_native_max_address = 0xf8,
};

/// Subcommands of SET FEATURES.
enum Feature : u8 {
    enable_write_cache = 0x02,
    set_transfer_mode = 0x03,
    disable_look_ahead = 0x55,
    keep_settings = 0x66,
    disable_write_cache = 0x82,
    enable_look_ahead = 0xaa,
    revert_settings = 0xcc,
};

constexpr unsigned lba_bit = 6; ///< Of the device register.
constexpr u8 active_or_idle = 0xff;
constexpr u16 default_heads = 16, default_sectors_per_track = 63, most_cylinders = 16383;
constexpr u8 most_multiple = 16;
constexpr u64 most_28_bit_sectors = (u64{1} << 28) - 1;
/// Sectors that are moved between medium and memory in one piece.
constexpr u32 dma_piece = 128;

} // namespace

AtaDisk::AtaDisk(TimerQueue& timers, Medium& medium, unsigned serial, MediumWorker* worker)
    : IdeDrive(timers,
               {.lba_mid = 0, .lba_high = 0, .status = ide_status::ready | ide_status::seek_complete}),
      medium_(medium), worker_(worker), serial_(serial) {
    RINGER_ASSERT(medium.size() % sector_size == 0 && sectors() > 0 && sectors() < most_sectors);
    reset();
}

void AtaDisk::visit_commands(state::Archive& archive) {
    RINGER_ASSERT(!is_under_way_);
    auto& [operation, sector, remaining, multiple, block, transfer_mode, heads, sectors_per_track,
           write_cache, is_wide] = state_;
    archive.field(32, "operation", operation)
        .field(33, "sector", sector)
        .field(34, "remaining", remaining)
        .field(35, "multiple", multiple)
        .field(36, "block", block)
        .field(37, "transfer_mode", transfer_mode)
        .field(38, "heads", heads)
        .field(39, "sectors_per_track", sectors_per_track)
        .field(40, "write_cache", write_cache)
        .field(41, "is_wide", is_wide);
    if (heads == 0 || heads > default_heads) heads = default_heads;
    if (sectors_per_track == 0) sectors_per_track = default_sectors_per_track;
    sector = std::min(sector, sectors());
    remaining = static_cast<u32>(std::min<u64>(remaining, sectors() - sector));
    block = std::clamp(block, u8{1}, most_multiple);
}

void AtaDisk::reset_commands() {
    state_ = {};
    state_.heads = default_heads;
    state_.sectors_per_track = default_sectors_per_track;
}

void AtaDisk::execute(u8 command) {
    constexpr Width narrow = Width::bits_28, wide = Width::bits_48;
    switch (command) {
    case read_sectors:
    case read_sectors_old: return begin_transfer(Operation::read, narrow);
    case read_sectors_ext: return begin_transfer(Operation::read, wide);
    case read_multiple: return begin_transfer(Operation::read, narrow, state_.multiple);
    case read_multiple_ext: return begin_transfer(Operation::read, wide, state_.multiple);
    case read_dma:
    case read_dma_old: return begin_transfer(Operation::read_dma, narrow);
    case read_dma_ext: return begin_transfer(Operation::read_dma, wide);
    case write_sectors:
    case write_sectors_old: return begin_transfer(Operation::write, narrow);
    case write_sectors_ext: return begin_transfer(Operation::write, wide);
    case write_multiple: return begin_transfer(Operation::write, narrow, state_.multiple);
    case write_multiple_ext: return begin_transfer(Operation::write, wide, state_.multiple);
    case write_dma:
    case write_dma_old: return begin_transfer(Operation::write_dma, narrow);
    case write_dma_ext: return begin_transfer(Operation::write_dma, wide);
    case verify_sectors:
    case verify_sectors_old: return begin_transfer(Operation::verify, narrow);
    case verify_sectors_ext: return begin_transfer(Operation::verify, wide);
    case read_native_max_address: return read_native_max(narrow);
    case read_native_max_ext: return read_native_max(wide);
    case flush_cache:
    case flush_cache_ext: state_.operation = Operation::flush; return begin_work();
    case identify_device: return identify();
    case set_features_command: return set_features();
    case set_multiple_mode: return set_multiple();
    case initialize_device_parameters: return initialize_parameters();
    case check_power: task().count = active_or_idle; return complete();
    case standby_immediate:
    case idle_immediate:
    case standby:
    case idle: return complete();
    default:
        if ((command & 0xf0) == recalibrate || (command & 0xf0) == seek) return complete();
        fail(ide_error::aborted);
    }
}

/// The sector that the registers name (6.2), if it can be named so.
std::optional<u64> AtaDisk::requested_sector(Width width) const {
    const TaskFile &low = task(), &high = previous_task();
    const u64 address = low.lba_low | low.lba_mid << 8 | low.lba_high << 16;
    if (width == Width::bits_48)
        return address | u64{high.lba_low} << 24 | u64{high.lba_mid} << 32 | u64{high.lba_high} << 40;
    const u64 head = device_register() & 0xf;
    if (bit(device_register(), lba_bit)) return address | head << 24;
    const u64 cylinder = address >> 8, sector = low.lba_low;
    if (sector == 0 || sector > state_.sectors_per_track || head >= state_.heads) return std::nullopt;
    return (cylinder * state_.heads + head) * state_.sectors_per_track + sector - 1;
}

/// Leaves the address of a sector in the registers, as the address was given.
void AtaDisk::put_address(u64 sector, Width width) {
    TaskFile& to = task();
    const bool by_cylinder = width == Width::bits_28 && !bit(device_register(), lba_bit);
    if (by_cylinder) {
        const u64 track = sector / state_.sectors_per_track;
        to.lba_low = static_cast<u8>(sector % state_.sectors_per_track + 1);
        to.lba_mid = static_cast<u8>(track / state_.heads);
        to.lba_high = static_cast<u8>(track / state_.heads >> 8);
        set_device_register(static_cast<u8>((device_register() & 0xf0) | track % state_.heads));
        return;
    }
    to.lba_low = static_cast<u8>(sector);
    to.lba_mid = static_cast<u8>(sector >> 8);
    to.lba_high = static_cast<u8>(sector >> 16);
    if (width == Width::bits_28)
        set_device_register(static_cast<u8>((device_register() & 0xf0) | (sector >> 24 & 0xf)));
    else
        set_previous_address(sector >> 24);
}

/// Takes address and count of a command; false when they reach past the end.
bool AtaDisk::take_address(Width width) {
    u32 count = task().count;
    if (width == Width::bits_48) count |= u32{previous_task().count} << 8;
    if (count == 0) count = width == Width::bits_48 ? 0x1'0000 : 0x100;
    const auto sector = requested_sector(width);
    if (!sector || *sector >= sectors() || count > sectors() - *sector) return false;
    state_.sector = *sector;
    state_.remaining = count;
    return true;
}

/// `block` is how many sectors move at a time; 0: the host has set none.
void AtaDisk::begin_transfer(Operation operation, Width width, u8 block) {
    const bool writes = operation == Operation::write || operation == Operation::write_dma;
    if (block == 0 || (writes && medium_.is_read_only())) return fail(ide_error::aborted);
    if (!take_address(width)) return fail(ide_error::id_not_found);
    state_.operation = operation;
    state_.block = block;
    state_.is_wide = width == Width::bits_48;
    switch (operation) {
    case Operation::read_dma: return begin_dma(true);
    case Operation::write_dma: return begin_dma(false);
    case Operation::write: return begin_data_out(piece_sectors() * sector_size, false);
    default: return begin_work();
    }
}

/// How many move next.
u32 AtaDisk::piece_sectors() const {
    const bool by_blocks = state_.operation == Operation::read || state_.operation == Operation::write;
    return std::min<u32>(by_blocks ? state_.block : dma_piece, state_.remaining);
}

void AtaDisk::work() {
    for (auto success = begin_piece(); success && end_piece(*success);) success = begin_piece();
}

/// Has the medium do its part of what moves next. Returns whether it succeeded; nullopt: the worker has it,
/// or there is nothing to be done for now.
std::optional<bool> AtaDisk::begin_piece() {
    if (state_.operation == Operation::none) return std::nullopt;
    if (state_.operation == Operation::flush) return leave_to_worker([this] { return medium_.flush(); });
    buffer().resize(piece_sectors() * sector_size); // A loaded state may have any other length.
    switch (state_.operation) {
    case Operation::write_dma: return take_by_dma() ? write_medium() : std::nullopt;
    case Operation::write: return write_medium();
    default: return read_medium();
    }
}

std::optional<bool> AtaDisk::read_medium() {
    const u64 offset = state_.sector * sector_size;
    const std::span<u8> whole = buffer();
    if (worker_ && medium_.read_at_once(offset, {&whole, 1})) return true;
    return leave_to_worker([this, offset] { return medium_.read(offset, buffer()); });
}

/// With the write cache off, what was written is on the medium when the command completes.
std::optional<bool> AtaDisk::write_medium() {
    const u64 offset = state_.sector * sector_size;
    const std::span<u8> whole = buffer();
    if (worker_ && state_.write_cache && medium_.write_at_once(offset, {&whole, 1})) return true;
    return leave_to_worker([this, offset, lasts = !state_.write_cache] {
        return medium_.write(offset, buffer()) && (!lasts || medium_.flush());
    });
}

std::optional<bool> AtaDisk::leave_to_worker(MediumWorker::Job job) {
    if (!worker_) return job();
    is_under_way_ = true;
    worker_->start(std::move(job), [this](bool success) {
        is_under_way_ = false;
        if (end_piece(success)) work();
    });
    return std::nullopt;
}

void AtaDisk::abandon_work() {
    if (std::exchange(is_under_way_, false)) worker_->abandon();
}

/// The medium has done its part of what moves; true when it is to go on at once.
bool AtaDisk::end_piece(bool success) {
    if (!success) {
        fail_medium();
        return false;
    }
    switch (state_.operation) {
    case Operation::read:
        advance(piece_sectors());
        begin_data_in();
        return false;
    case Operation::write:
        advance(piece_sectors());
        if (state_.remaining == 0) break;
        begin_data_out(piece_sectors() * sector_size, true);
        return false;
    case Operation::read_dma:
        if (!give_by_dma()) return false;
        break;
    case Operation::write_dma:
        if (!advance_dma(static_cast<u32>(buffer().size() / sector_size))) return false;
        break;
    case Operation::verify: advance(piece_sectors()); break;
    default: break;
    }
    if (state_.remaining > 0 && state_.operation != Operation::flush) return true;
    finish();
    return false;
}

void AtaDisk::advance(u32 count) {
    state_.sector += count;
    state_.remaining -= count;
}

void AtaDisk::data_taken() {
    if (state_.operation == Operation::read && state_.remaining > 0) return begin_work();
    if (state_.operation == Operation::read) leave_last_address();
    complete(false);
}

void AtaDisk::data_given() { begin_work(); }

/// Takes the next sectors from memory, as far as the host's regions reach: false when there is none.
bool AtaDisk::take_by_dma() {
    const auto moved = cable().move_by_dma(buffer(), false);
    if (!moved) {
        fail(ide_error::aborted);
        return false;
    }
    buffer().resize(align_down(*moved, sector_size));
    return !buffer().empty() || advance_dma(0);
}

/// Puts sectors that were read into memory; false when there is no room for more.
bool AtaDisk::give_by_dma() {
    const auto moved = cable().move_by_dma(buffer(), true);
    if (moved) return advance_dma(static_cast<u32>(*moved / sector_size));
    fail(ide_error::aborted);
    return false;
}

/// So many sectors of a piece were moved. False: the host's regions have ended early. The disk goes on to ask
/// for more, until it is reset.
bool AtaDisk::advance_dma(u32 count) {
    const bool is_whole = count == piece_sectors();
    advance(count);
    if (!is_whole) begin_dma(state_.operation == Operation::read_dma);
    return is_whole;
}

void AtaDisk::finish() {
    const bool by_dma = state_.operation == Operation::read_dma || state_.operation == Operation::write_dma;
    if (by_dma) cable().dma_finished();
    if (state_.operation != Operation::flush) leave_last_address();
    state_.operation = Operation::none;
    complete();
}

void AtaDisk::leave_last_address() {
    put_address(state_.sector - 1, state_.is_wide ? Width::bits_48 : Width::bits_28);
    task().count = 0;
}

/// The first sector that could not be moved stays in the registers.
void AtaDisk::fail_medium() {
    if (state_.operation == Operation::flush) return fail(ide_error::aborted, ide_status::device_fault);
    const bool wrote = state_.operation == Operation::write || state_.operation == Operation::write_dma;
    put_address(state_.sector, state_.is_wide ? Width::bits_48 : Width::bits_28);
    state_.operation = Operation::none;
    if (wrote)
        fail(ide_error::aborted, ide_status::device_fault);
    else
        fail(ide_error::uncorrectable);
}

void AtaDisk::identify() {
    const u16 heads = default_heads, sectors_per_track = default_sectors_per_track;
    const auto cylinders =
        static_cast<u16>(std::clamp<u64>(sectors() / (heads * sectors_per_track), 1, most_cylinders));
    const u16 current_cylinders =
        static_cast<u16>(std::min<u64>(sectors() / (u32{state_.heads} * state_.sectors_per_track), 0xffff));
    const u32 current_capacity = u32{current_cylinders} * state_.heads * state_.sectors_per_track;

    IdentifyData data;
    data.word(0, 0x0040).word(1, cylinders).word(3, heads).word(6, sectors_per_track);
    data.text(10, 10, fmt::format("RINGER-DISK-{}", serial_))
        .text(23, 4, "1")
        .text(27, 20, "RINGER HARD DISK");
    data.word(47, 0x8000 | most_multiple).word(49, IdentifyData::supports_dma | IdentifyData::supports_lba);
    data.word(50, 0x4000).word(53, 0x0007);
    data.word(54, current_cylinders).word(55, state_.heads).word(56, state_.sectors_per_track);
    data.dword(57, current_capacity);
    data.word(59, state_.multiple ? 0x0100 | state_.multiple : 0);
    data.dword(60, static_cast<u32>(std::min(sectors(), most_28_bit_sectors)));
    data.transfer_modes(state_.transfer_mode);
    data.word(80, 0x007e).word(81, 0x0019); // ATA-1 to ATA/ATAPI-6
    constexpr u16 write_cache = 1 << 5, nop = 1 << 14;
    constexpr u16 wide_addresses = 1 << 10, flush_caches = 3 << 12, valid = 1 << 14;
    data.word(82, nop | write_cache).word(83, valid | flush_caches | wide_addresses).word(84, valid);
    data.word(85, nop | (state_.write_cache ? write_cache : 0)).word(86, flush_caches | wide_addresses);
    data.word(87, valid).word(93, 0x6001);
    data.dword(100, static_cast<u32>(sectors())).dword(102, static_cast<u32>(sectors() >> 32));
    buffer() = data.take();
    state_.operation = Operation::none;
    begin_data_in();
}

void AtaDisk::set_features() {
    switch (task().features) {
    case set_transfer_mode:
        if (!IdentifyData::is_transfer_mode(task().count)) return fail(ide_error::aborted);
        state_.transfer_mode = task().count;
        return complete();
    case enable_write_cache:
    case disable_write_cache: state_.write_cache = task().features == enable_write_cache; return complete();
    case disable_look_ahead:
    case enable_look_ahead:
    case keep_settings:
    case revert_settings: return complete();
    default: fail(ide_error::aborted);
    }
}

void AtaDisk::set_multiple() {
    const u8 count = task().count;
    if (count > most_multiple || (count & (count - 1)) != 0) return fail(ide_error::aborted);
    state_.multiple = count;
    complete();
}

/// The translation that addresses by cylinder, head and sector go by.
void AtaDisk::initialize_parameters() {
    if (task().count == 0) return fail(ide_error::aborted);
    state_.heads = static_cast<u16>((device_register() & 0xf) + 1);
    state_.sectors_per_track = task().count;
    complete();
}

void AtaDisk::read_native_max(Width width) {
    const u64 last = sectors() - 1;
    put_address(width == Width::bits_28 ? std::min(last, most_28_bit_sectors) : last, width);
    complete();
}

} // namespace ringer::device
