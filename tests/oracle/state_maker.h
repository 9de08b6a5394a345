#pragma once

#include "random.h"
#include "trial.h"

#include <optional>
#include <span>

namespace ringer::oracle {

/// Which of the general registers `name` is, or is a part of; nullopt for others.
std::optional<unsigned> general_number(ZydisRegister name);

/// Chooses what a trial starts with, given its instructions: everything at random, and much of it so that
/// they find what they work on. False: not a trial that can be compared.
bool choose_state(Trial& trial, std::span<const DecodedInstruction> instructions, Random& random);

} // namespace ringer::oracle
