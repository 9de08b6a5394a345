#include "host/entropy.h"

#include "base/assert.h"

#include <sys/random.h>

#include <cerrno>

namespace ringer::host {

void HostEntropy::fill(std::span<u8> destination) {
    while (!destination.empty()) {
        const ssize_t count = getrandom(destination.data(), destination.size(), 0);
        // Nothing else can go wrong for memory of our own (getrandom(2)).
        RINGER_ASSERT(count > 0 || errno == EINTR);
        if (count > 0) destination = destination.subspan(static_cast<std::size_t>(count));
    }
}

} // namespace ringer::host
