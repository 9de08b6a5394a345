#include "device/storage/atapi_cdrom.h"

#include "base/assert.h"
#include "base/big_endian.h"
#include "device/storage/identify_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

namespace ringer::device {

namespace {

namespace replies = cdrom_replies;

enum Command : u8 {
    device_reset = 0x08,
    packet_command = 0xa0,
    identify_packet_device = 0xa1,
    standby_immediate = 0xe0,
    idle_immediate = 0xe1,
    check_power = 0xe5,
    identify_device = 0xec,
    set_features = 0xef,
};

/// The first byte of a packet.
enum Packet : u8 {
    test_unit_ready = 0x00,
    request_sense = 0x03,
    inquiry = 0x12,
    start_stop_unit = 0x1b,
    prevent_allow_removal = 0x1e,
    read_capacity = 0x25,
    read_10 = 0x28,
    seek_10 = 0x2b,
    read_toc_command = 0x43,
    get_configuration = 0x46,
    get_event_status_notification = 0x4a,
    read_disc_information = 0x51,
    mode_sense_10 = 0x5a,
    read_12 = 0xa8,
    mechanism_status = 0xbd,
    read_cd_command = 0xbe,
};

/// The interrupt reason, in the place of the sector count.
constexpr u8 is_command = 1 << 0, to_host = 1 << 1;

/// Sectors that are read from the medium in one piece.
constexpr u32 piece = 16;

} // namespace

AtapiCdrom::AtapiCdrom(TimerQueue& timers, Medium& medium, unsigned serial)
    : IdeDrive(timers, {.lba_mid = 0x14, .lba_high = 0xeb, .status = 0, .is_packet_device = true}),
      medium_(medium), serial_(serial) {
    RINGER_ASSERT(medium.size() % sector_size == 0 && medium.size() > 0);
    RINGER_ASSERT(medium.size() / sector_size < most_sectors);
    reset();
}

void AtapiCdrom::visit_commands(state::Archive& archive) {
    auto& [runs_packet, by_dma, limit, pending, sector, remaining, sense_key, sense_code, sense_qualifier,
           unit_attention] = state_;
    archive.field(32, "runs_packet", runs_packet)
        .field(33, "by_dma", by_dma)
        .field(34, "limit", limit)
        .field(35, "pending", pending)
        .field(36, "sector", sector)
        .field(37, "remaining", remaining)
        .field(38, "sense_key", sense_key)
        .field(39, "sense_code", sense_code)
        .field(40, "sense_qualifier", sense_qualifier)
        .field(41, "unit_attention", unit_attention);
    limit = std::clamp(limit, 2u, 0xfffeu);
    pending.resize(std::min<std::size_t>(pending.size(), piece * sector_size));
    sector = std::min(sector, sectors());
    remaining = std::min(remaining, sectors() - sector);
}

void AtapiCdrom::reset_commands() {
    state_ = {};
    state_.limit = 0xfffe;
    state_.unit_attention = true;
}

void AtapiCdrom::execute(u8 command) {
    switch (command) {
    case device_reset: return reset_selected();
    case packet_command: return begin_packet();
    case identify_packet_device: return identify();
    case identify_device:
        put_signature(); // By which the host knows a packet device.
        return fail(ide_error::aborted);
    case set_features: return complete();
    case check_power: task().count = 0xff; return complete();
    case standby_immediate:
    case idle_immediate: return complete();
    default: fail(ide_error::aborted);
    }
}

void AtapiCdrom::identify() {
    constexpr u16 removable_cdrom = 0x8580;
    IdentifyData data;
    data.word(0, removable_cdrom);
    data.text(10, 10, fmt::format("RINGER-CD-{}", serial_)).text(23, 4, "1").text(27, 20, "RINGER CD-ROM");
    data.word(49, IdentifyData::supports_dma | IdentifyData::supports_lba).word(53, 0x0007);
    data.transfer_modes(0).word(80, 0x007e).word(81, 0x0019); // ATA-1 to ATA/ATAPI-6
    constexpr u16 packet = 1 << 4, device_reset_works = 1 << 9, nop = 1 << 14, valid = 1 << 14;
    data.word(82, packet | device_reset_works | nop).word(83, valid).word(84, valid);
    data.word(85, packet | device_reset_works | nop).word(87, valid);
    buffer() = data.take();
    begin_data_in();
}

void AtapiCdrom::begin_packet() {
    constexpr u8 by_dma = 1 << 0, overlapped = 1 << 1;
    if (task().features & overlapped) return fail(ide_error::aborted);
    const u32 limit = (task().lba_mid | task().lba_high << 8) & 0xfffe;
    state_.by_dma = task().features & by_dma;
    state_.limit = limit == 0 ? 0xfffe : limit;
    state_.runs_packet = true;
    task().count = is_command;
    begin_data_out(packet_size, false);
}

/// Packets are run at once; only what needs the medium takes time.
void AtapiCdrom::data_given() {
    // A loaded state may have come to a buffer of any length.
    std::array<u8, packet_size> packet{};
    std::ranges::copy(buffer() | std::views::take(packet_size), packet.begin());
    state_.pending.clear();
    state_.remaining = 0;
    const bool tells_of_reset = packet[0] == inquiry || packet[0] == request_sense ||
                                packet[0] == get_event_status_notification || packet[0] == get_configuration;
    if (state_.unit_attention && !tells_of_reset) {
        state_.unit_attention = false;
        return refuse(replies::has_been_reset);
    }
    run_packet(packet);
}

void AtapiCdrom::run_packet(std::span<const u8> packet) {
    const replies::Sense sense{state_.sense_key, state_.sense_code, state_.sense_qualifier};
    if (packet[0] != request_sense) set_sense(replies::no_sense);
    switch (packet[0]) {
    case test_unit_ready:
    case start_stop_unit:
    case prevent_allow_removal:
    case seek_10: return succeed();
    case request_sense:
        set_sense(replies::no_sense);
        return reply(replies::request_sense(
                         std::exchange(state_.unit_attention, false) ? replies::has_been_reset : sense),
                     packet[4]);
    case inquiry: return reply(replies::inquiry(), get_big_endian<u16>(packet, 3));
    case read_capacity: return reply(replies::read_capacity(sectors()), 8);
    case read_10: return begin_read(get_big_endian<u32>(packet, 2), get_big_endian<u16>(packet, 7));
    case read_12: return begin_read(get_big_endian<u32>(packet, 2), get_big_endian<u32>(packet, 6));
    case read_cd_command: return read_cd(packet);
    case read_toc_command: return read_toc(packet);
    case get_configuration:
        return reply(replies::get_configuration(get_big_endian<u16>(packet, 2)),
                     get_big_endian<u16>(packet, 7));
    case get_event_status_notification: return get_event_status(packet);
    case read_disc_information: return reply(replies::disc_information(), get_big_endian<u16>(packet, 7));
    case mode_sense_10:
        return reply_if(replies::mode_sense(packet[2] & 0x3f), get_big_endian<u16>(packet, 7));
    case mechanism_status: return reply(replies::mechanism_status(), get_big_endian<u16>(packet, 8));
    default: refuse(replies::illegal_command);
    }
}

void AtapiCdrom::read_toc(std::span<const u8> packet) {
    constexpr u8 as_time = 1 << 1;
    // Drivers of the days of SFF-8020 have the format in the last byte.
    const u8 format = packet[2] & 0xf ? packet[2] & 0xf : packet[9] >> 6;
    reply_if(replies::read_toc(format, packet[1] & as_time, packet[6], sectors()),
             get_big_endian<u16>(packet, 7));
}

void AtapiCdrom::get_event_status(std::span<const u8> packet) {
    constexpr u8 polled = 1 << 0, media = 1 << 4;
    if (!(packet[1] & polled)) return refuse(replies::illegal_field);
    reply(replies::event_status((packet[4] & media) != 0), get_big_endian<u16>(packet, 7));
}

/// READ CD, of whose parts of a sector there are the user data alone.
void AtapiCdrom::read_cd(std::span<const u8> packet) {
    constexpr u8 selection = 0xf8, user_data = 0x10;
    const u32 count = u32{packet[6]} << 16 | get_big_endian<u16>(packet, 7);
    const u8 selected = packet[9] & selection;
    if (count == 0 || selected == 0) return succeed();
    if (selected != user_data) return refuse(replies::illegal_field);
    begin_read(get_big_endian<u32>(packet, 2), count);
}

void AtapiCdrom::begin_read(u32 sector, u32 count) {
    if (sector >= sectors() || count > sectors() - sector) return refuse(replies::address_out_of_range);
    if (count == 0) return succeed();
    state_.sector = sector;
    state_.remaining = count;
    send();
}

void AtapiCdrom::reply(std::span<const u8> data, std::size_t allowed) {
    data = data.first(std::min(data.size(), allowed));
    if (data.empty()) return succeed();
    state_.pending.assign(data.begin(), data.end());
    send();
}

void AtapiCdrom::reply_if(const std::optional<replies::Reply>& data, std::size_t allowed) {
    if (!data) return refuse(replies::illegal_field);
    reply(*data, allowed);
}

/// Sends what is pending, and the sectors after it.
void AtapiCdrom::send() {
    task().count = to_host;
    if (state_.by_dma)
        begin_dma(true);
    else if (state_.pending.empty())
        begin_work();
    else
        send_chunk();
}

void AtapiCdrom::send_chunk() {
    std::vector<u8>& pending = state_.pending;
    const auto size = std::min<std::size_t>(pending.size(), state_.limit);
    const auto end = pending.begin() + static_cast<std::ptrdiff_t>(size);
    buffer().assign(pending.begin(), end);
    pending.erase(pending.begin(), end);
    task().lba_mid = static_cast<u8>(size);
    task().lba_high = static_cast<u8>(size >> 8);
    begin_data_in();
}

/// A chunk of a packet's reply, or the drive's description.
void AtapiCdrom::data_taken() {
    if (!state_.pending.empty() || state_.remaining > 0) return send();
    if (state_.runs_packet) return succeed();
    complete(false);
}

void AtapiCdrom::work() {
    if (state_.by_dma) return send_by_dma();
    if (!read_ahead()) return refuse(replies::medium_error);
    send_chunk();
}

/// Reads the next sectors; false when the medium fails.
bool AtapiCdrom::read_ahead() {
    const u32 count = std::min(state_.remaining, piece);
    state_.pending.resize(count * sector_size);
    if (!medium_.read(state_.sector * sector_size, state_.pending)) return false;
    state_.sector += count;
    state_.remaining -= count;
    return true;
}

/// The next piece: between two of them the vCPU runs, for a command may read the whole disc.
void AtapiCdrom::send_by_dma() {
    std::vector<u8>& pending = state_.pending;
    if (pending.empty() && !read_ahead()) return refuse(replies::medium_error);
    const auto moved = cable().move_by_dma(pending, true);
    if (!moved) return refuse(replies::illegal_field);
    pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(*moved));
    if (!pending.empty()) return begin_dma(true);
    if (state_.remaining > 0) return begin_work();
    cable().dma_finished();
    succeed();
}

void AtapiCdrom::succeed() {
    state_.runs_packet = false;
    task().count = is_command | to_host;
    complete();
}

/// CHECK CONDITION: what was wrong is told to REQUEST SENSE, and its key in the error register.
void AtapiCdrom::refuse(const replies::Sense& sense) {
    set_sense(sense);
    state_.runs_packet = false;
    state_.pending.clear();
    state_.remaining = 0;
    task().count = is_command | to_host;
    fail(static_cast<u8>(sense.key << 4 | ide_error::aborted));
}

void AtapiCdrom::set_sense(const replies::Sense& sense) {
    state_.sense_key = sense.key;
    state_.sense_code = sense.code;
    state_.sense_qualifier = sense.qualifier;
}

} // namespace ringer::device
