#pragma once

#include <string>

namespace ringer::host {

/// What the errno value `code` means, in the middle of a sentence: "no such file or directory".
std::string reason(int code);

} // namespace ringer::host
