#pragma once

#include "base/bits.h"
#include "base/types.h"
#include "state/archive.h"

#include <array>
#include <bit>

namespace ringer::device {

/// A set of interrupt vectors, laid out as the local APIC's 256-bit registers ISR, TMR and IRR are.
struct VectorSet {
    std::array<u32, 8> words{};

    bool contains(u8 vector) const { return bit(words[vector / 32], vector % 32); }
    void assign(u8 vector, bool present) {
        words[vector / 32] = with_bit(words[vector / 32], vector % 32, present);
    }

    /// The highest vector of the set; 0, which no interrupt can have, when it is empty.
    u8 highest() const {
        for (unsigned i = 8; i-- > 0;) {
            if (words[i])
                return static_cast<u8>(32 * i + 31 - static_cast<unsigned>(std::countl_zero(words[i])));
        }
        return 0;
    }
};

inline void visit(state::Archive& archive, VectorSet& set) {
    auto& [words] = set;
    archive.field(1, "words", words);
}

} // namespace ringer::device
