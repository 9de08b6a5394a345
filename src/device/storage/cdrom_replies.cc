#include "device/storage/cdrom_replies.h"

#include "base/big_endian.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace ringer::device::cdrom_replies {

namespace {

void append(Reply& reply, std::initializer_list<u8> bytes) { reply.insert(reply.end(), bytes); }

void append_text(Reply& reply, std::string_view text, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
        reply.push_back(i < text.size() ? static_cast<u8>(text[i]) : u8{' '});
}

/// An address as sector number, or as minute, second and frame, of which the disc's first 150 frames come
/// before sector 0.
void append_address(Reply& reply, u32 sector, bool as_time) {
    if (!as_time) return append_big_endian(reply, sector);
    constexpr u32 lead_in = 150, frames = 75, seconds = 60;
    const u32 frame = sector + lead_in;
    append(reply, {0, static_cast<u8>(frame / frames / seconds), static_cast<u8>(frame / frames % seconds),
                   static_cast<u8>(frame % frames)});
}

/// The length of what follows it, in the first two bytes.
Reply with_length(Reply reply) {
    put_big_endian(std::span(reply), 0, static_cast<u16>(reply.size() - 2));
    return reply;
}

constexpr u8 data_track = 0x14, lead_out = 0xaa; ///< ADR and CONTROL of a data track; its successor.

Reply track_list(bool as_time, u8 first_track, u32 sectors) {
    Reply reply{0, 0, 1, 1};
    if (first_track <= 1) {
        append(reply, {0, data_track, 1, 0});
        append_address(reply, 0, as_time);
    }
    append(reply, {0, data_track, lead_out, 0});
    append_address(reply, sectors, as_time);
    return with_length(std::move(reply));
}

Reply session_list(bool as_time) {
    Reply reply{0, 0, 1, 1, 0, data_track, 1, 0};
    append_address(reply, 0, as_time);
    return with_length(std::move(reply));
}

/// Entries as the disc's lead-in has them: the first and the last track, the lead-out, and the track.
Reply full_list(u32 sectors) {
    constexpr u8 session = 1, first = 0xa0, last = 0xa1, end = 0xa2;
    Reply reply{0, 0, session, session};
    const auto entry = [&](u8 point) { append(reply, {session, data_track, 0, point, 0, 0, 0}); };
    for (const u8 point : {first, last}) {
        entry(point);
        append(reply, {0, 1, 0, 0});
    }
    entry(end);
    append_address(reply, sectors, true);
    entry(1);
    append_address(reply, 0, true);
    return with_length(std::move(reply));
}

constexpr u8 error_recovery_page = 0x01, capabilities_page = 0x2a, all_pages = 0x3f;

/// The CD capabilities and mechanical status page (MMC-3, 6.3.11): reads, has a tray, and 704 KB a second.
void append_capabilities(Reply& reply) {
    constexpr u16 speed = 706;
    append(reply, {capabilities_page, 20, 0x3b, 0x00, 0x70, 0x60, 0x29, 0x00});
    append_big_endian(reply, speed);
    append(reply, {0, 2, 2, 0});
    append_big_endian(reply, speed);
    append(reply, {0, 0, 0, 0, 0, 0});
}

} // namespace

Reply inquiry() {
    constexpr u8 cdrom_device = 5, removable = 0x80, atapi_format = 0x21, length = 31;
    Reply reply{cdrom_device, removable, 0, atapi_format, length, 0, 0, 0};
    append_text(reply, "RINGER", 8);
    append_text(reply, "CD-ROM", 16);
    append_text(reply, "1", 4);
    return reply;
}

Reply request_sense(const Sense& sense) {
    Reply reply(18);
    reply[0] = 0x70;
    reply[2] = sense.key;
    reply[7] = 10;
    reply[12] = sense.code;
    reply[13] = sense.qualifier;
    return reply;
}

Reply read_capacity(u32 sectors) {
    Reply reply;
    append_big_endian(reply, sectors - 1);
    append_big_endian(reply, u32{2048});
    return reply;
}

std::optional<Reply> read_toc(u8 format, bool as_time, u8 first_track, u32 sectors) {
    switch (format) {
    case 0:
        if (first_track > 1 && first_track != lead_out) return std::nullopt;
        return track_list(as_time, first_track, sectors);
    case 1: return session_list(as_time);
    case 2: return full_list(sectors);
    default: return std::nullopt;
    }
}

std::optional<Reply> mode_sense(u8 page) {
    constexpr u8 data_disc = 0x01;
    Reply reply{0, 0, data_disc, 0, 0, 0, 0, 0};
    const bool all = page == all_pages;
    if (all || page == error_recovery_page) append(reply, {error_recovery_page, 6, 0, 5, 0, 0, 0, 0});
    if (all || page == capabilities_page) append_capabilities(reply);
    if (reply.size() == 8) return std::nullopt;
    return with_length(std::move(reply));
}

/// Profiles, core, and removable medium (MMC-4, 5.3): a CD-ROM with a disc in it.
Reply get_configuration(u16 first_feature) {
    constexpr u16 cdrom_profile = 0x0008;
    constexpr u8 atapi = 2;
    struct Feature {
        u16 number;
        std::array<u8, 6> contents;
    };
    constexpr std::array features{
        Feature{0x0000, {0x03, 4, 0x00, 0x08, 0x01, 0x00}},
        Feature{0x0001, {0x07, 4, 0, 0, 0, atapi}},
        Feature{0x0003, {0x03, 4, 0x29, 0, 0, 0}},
    };
    Reply reply(6);
    append_big_endian(reply, cdrom_profile);
    for (const auto& [number, contents] : features) {
        if (number < first_feature) continue;
        append_big_endian(reply, number);
        reply.insert(reply.end(), contents.begin(), contents.end());
    }
    put_big_endian(std::span(reply), 0, static_cast<u32>(reply.size() - 4));
    return reply;
}

/// Nothing has happened; the disc is in.
Reply event_status(bool asks_for_media) {
    constexpr u8 no_event_available = 0x80, media_class = 4, supported = 1 << 4, media_present = 0x02;
    if (!asks_for_media) return {0, 2, no_event_available, supported};
    return {0, 6, media_class, supported, 0, media_present, 0, 0};
}

/// One complete session with one track.
Reply disc_information() {
    Reply reply(34);
    reply[1] = 32;
    reply[2] = 0x0e;
    reply[3] = reply[4] = reply[5] = reply[6] = 1;
    return reply;
}

Reply mechanism_status() { return {0, 0, 0, 0, 0, 1, 0, 0}; }

} // namespace ringer::device::cdrom_replies
