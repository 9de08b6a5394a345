#pragma once

#include "access_script.h"
#include "device/device.h"
#include "state/reader.h"
#include "state/writer.h"

namespace ringer::fuzz {

/// Saves a device's state, changes some of its bytes as the script says, and loads what has come of it. A
/// state that is refused leaves the device reset.
inline void load_changed_state(Script& script, device::Device& device) {
    if (!script.may_take_long()) return;
    state::Writer writer;
    device.visit(writer);
    std::vector<u8> saved = writer.finish();
    for (u64 changes = script.number(1) % 16; changes > 0; --changes) {
        const u64 place = script.number(2) % saved.size();
        saved[place] = static_cast<u8>(script.number(1));
    }
    state::Reader reader(saved, "fuzz");
    device.visit(reader);
    if (!reader.finish()) device.reset();
}

} // namespace ringer::fuzz
