#include "device/platform/debug_exit.h"

namespace ringer::device {

void DebugExit::write_byte(u64 offset, u8 value) {
    if (offset == 0) power_.debug_exit(value);
}

} // namespace ringer::device
