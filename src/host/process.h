#pragma once

#include "base/result.h"
#include "base/types.h"

#include <string>
#include <string_view>

namespace ringer::host {

/// Opens /dev/null in place of every standard stream that the process was started without, so that no other
/// file takes its number. To be called before anything is opened. What was missing is remembered.
void fill_standard_streams();
bool standard_input_missing();
bool standard_output_missing();

/// Writes to standard output at once.
Result<void> print(std::string_view text);

/// Writes to standard error at once. Where that cannot be, nobody can be told of it.
void print_error(std::string_view text);

/// Whom the process runs as: the name, or else the number.
std::string user_name();

/// The most memory that the process has had resident, in bytes. Memory that is mapped twice counts once.
u64 peak_memory();

/// The CPU time that the process has used, of all its threads, in user and kernel mode.
Nanoseconds cpu_time();

/// The host's monotonic time.
Nanoseconds monotonic_time();

/// Seconds since 1970-01-01 UTC.
u64 time_of_day();

} // namespace ringer::host
