#pragma once

#include "base/result.h"
#include "base/types.h"

#include <sys/types.h>

#include <string_view>

namespace ringer::cli {

/// Bytes from "512M", "1G", "64MiB", "4096": K, M, G and T are powers of 1024, with or without "B" or "iB",
/// in either case. `option` names the option in an error.
Result<u64> parse_size(std::string_view option, std::string_view text);

/// Nanoseconds from "60s", "5m", "2h", "1500ms"; a bare number counts seconds. Zero is an error.
Result<Nanoseconds> parse_duration(std::string_view option, std::string_view text);

/// A positive whole number, as in --max-instructions.
Result<u64> parse_count(std::string_view option, std::string_view text);

/// The process id of a running machine, as in --pid; an error when it is not given.
Result<pid_t> parse_pid(std::string_view text);

/// A whole number, hexadecimal after "0x".
Result<u64> parse_address(std::string_view option, std::string_view text);

} // namespace ringer::cli
