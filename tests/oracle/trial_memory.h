#pragma once

#include "trial.h"

#include <span>

namespace ringer::oracle {

/// Lays down a trial in a memory object (layout.h) whose code pages hold nothing but breakpoints:
/// instruction, data and patches. What lies outside of all pages is dropped.
void put_trial(const Trial& trial, std::span<u8> object);

/// Puts breakpoints back in the place of the instruction.
void remove_instruction(const Trial& trial, std::span<u8> object);

/// Fills the code pages with breakpoints.
void clear_code(std::span<u8> object);

} // namespace ringer::oracle
