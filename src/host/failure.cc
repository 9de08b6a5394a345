#include "host/failure.h"

#include <cctype>
#include <system_error>

namespace ringer::host {

std::string reason(int code) {
    std::string text = std::generic_category().message(code);
    // "I/O" and the like keep their capitals.
    if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])))
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

} // namespace ringer::host
