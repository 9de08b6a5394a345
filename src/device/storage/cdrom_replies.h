#pragma once

#include "base/types.h"

#include <optional>
#include <vector>

/// What a CD-ROM drive with one data track answers to packet commands (INCITS MMC-4; SPC-3). All numbers in
/// it are big-endian. Lengths that the host allows for are the caller's to heed.
namespace ringer::device::cdrom_replies {

using Reply = std::vector<u8>;

/// Sense keys and additional sense codes with their qualifiers.
struct Sense {
    u8 key = 0, code = 0, qualifier = 0;
};
inline constexpr Sense no_sense{}, medium_error{3, 0x11, 0}, illegal_command{5, 0x20, 0},
    address_out_of_range{5, 0x21, 0}, illegal_field{5, 0x24, 0}, has_been_reset{6, 0x29, 0};

Reply inquiry();
Reply request_sense(const Sense& sense);
Reply read_capacity(u32 sectors);

/// Formats 0 (tracks), 1 (sessions) and 2 (full); `first_track` as the command has it. nullopt: there is no
/// such format or track.
std::optional<Reply> read_toc(u8 format, bool as_time, u8 first_track, u32 sectors);

/// MODE SENSE (10): a page, or all with 0x3f; nullopt when there is none.
std::optional<Reply> mode_sense(u8 page);

Reply get_configuration(u16 first_feature);
Reply event_status(bool asks_for_media);
Reply disc_information();
Reply mechanism_status();

} // namespace ringer::device::cdrom_replies
