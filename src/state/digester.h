#pragma once

#include "state/writer.h"

#include <memory>
#include <span>
#include <string>

struct XXH3_state_s;

namespace ringer::state {

/// A 128-bit digest (XXH3) of what it visits, as it would be saved: field numbers and values count, names do
/// not.
class Digester final : public Encoder {
  public:
    Digester();
    ~Digester() override;

    /// Adds bytes that are no component's field, such as guest RAM, between two top-level fields. The length
    /// counts, so two calls are not the same as one with both parts.
    void update(std::span<const u8> contents);

    /// 32 lower-case hexadecimal digits. More may be added afterwards, and gives another digest.
    std::string hex();

  private:
    struct FreeState {
        void operator()(XXH3_state_s* state) const;
    };

    void absorb(std::span<const u8> contents);

    std::unique_ptr<XXH3_state_s, FreeState> hash_;
};

} // namespace ringer::state
