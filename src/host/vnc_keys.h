#pragma once

#include "base/types.h"

namespace ringer::host {

/// The key, by its code in scan code set 1 (device::KeyEvent), that a viewer means by an X keysym (RFC 6143,
/// 7.5.4), on a keyboard of the United States; 0: none.
u16 key_of_keysym(u32 keysym);

} // namespace ringer::host
