#pragma once

#include "x86/segmentation.h"

namespace ringer::x86 {

/// What starts a task switch; it decides over busy bits, the back link and NT (Intel SDM Vol. 3, table 7-2).
enum class TaskSwitch : u8 {
    jump,
    call,
    event,           ///< An interrupt or exception through a task gate.
    interrupt_return ///< IRET with NT set.
};

/// Switches to the task of a TSS descriptor, after the checks of privilege that are the caller's (Intel SDM
/// Vol. 3, 7.3). `external` is the EXT bit of error codes.
///
/// False: the new task's own state was bad. The switch itself is complete; the exception in Cpu::exception
/// belongs to the new task, and the caller has it delivered.
Guest<bool> switch_task(Cpu& cpu, u16 selector, Descriptor tss, TaskSwitch reason, u32 external = 0);

/// Follows a task gate to its TSS descriptor and switches. `gate` has been checked.
Guest<bool> switch_through_gate(Cpu& cpu, const Descriptor& gate, TaskSwitch reason, u32 external = 0);

} // namespace ringer::x86
