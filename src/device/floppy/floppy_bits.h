#pragma once

#include "base/types.h"

#include <cstddef>

/// What the bits of the floppy controller's registers, commands and results are called (82078 datasheet).
namespace ringer::device::floppy {

/// How long a sector, a seek or a reset takes. Long enough for drivers that look for a busy controller.
inline constexpr Nanoseconds latency = 20'000;

/// How long a sector waits to be taken or given through the data register, before the disk has turned on. Far
/// longer than on a disk, for the host may have other things to do than to run the guest.
inline constexpr Nanoseconds patience = 100'000'000;

/// Registers, by their offset from 0x3f0. A and B of the status registers are not driven in AT mode.
enum Register : u8 { digital_output = 2, tape_drive_register, main_status_or_rate, data };

/// What is read where nothing drives the bus.
inline constexpr u8 floating = 0xff;

// The digital output register.
inline constexpr u8 not_reset = 1 << 2, dma_gate = 1 << 3, unit_select = 3;
// The main status register.
inline constexpr u8 request = 1 << 7, to_host = 1 << 6, without_dma = 1 << 5, busy = 1 << 4;
// The data rate select register.
inline constexpr u8 software_reset = 1 << 7, rate_select = 3, rate_250k = 2;
/// Of the digital input register.
inline constexpr u8 disk_change = 1 << 7;

// Commands' bits, and those of parameters.
inline constexpr u8 multi_track = 1 << 7, mfm = 1 << 6, inwards = 1 << 6, lock_bit = 1 << 7;
inline constexpr u8 counts_sectors = 1 << 7; ///< EC of VERIFY.
inline constexpr u8 no_dma = 1 << 0;         ///< ND of SPECIFY.
inline constexpr u8 implied_seek = 1 << 6, no_fifo = 1 << 5, fifo_threshold = 0x0f, configurable = 0x7f;
inline constexpr u8 overwrites = 1 << 7, perpendicular_drives = 0x3c, perpendicular_gates = 0x03;

// Status registers 0 to 3.
inline constexpr u8 abnormal = 1 << 6, invalid_command = 1 << 7, polled_after_reset = 3 << 6,
                    seek_end = 1 << 5, equipment_check = 1 << 4;
inline constexpr u8 end_of_cylinder = 1 << 7, data_error = 1 << 5, overrun = 1 << 4, no_data = 1 << 2,
                    not_writable = 1 << 1, missing_address_mark = 1 << 0;
inline constexpr u8 data_error_in_data = 1 << 5, wrong_cylinder = 1 << 4;
inline constexpr u8 write_protected = 1 << 6, always_ready = 1 << 5, track_0 = 1 << 4, two_sided = 1 << 3;

inline constexpr u8 version_of_82077 = 0x90;
/// An S82078B.
inline constexpr u8 part_number = 0x41;
inline constexpr int most_recalibration_steps = 79;
inline constexpr Nanoseconds rotation = 200'000'000;

inline constexpr std::size_t longest_command = 9, longest_result = 10, format_entry = 4;
inline constexpr std::size_t transfer_length = 9, format_length = 6, read_id_length = 2;

} // namespace ringer::device::floppy
