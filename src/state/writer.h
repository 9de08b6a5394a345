#pragma once

#include "state/archive.h"
#include "state/format.h"

#include <span>
#include <vector>

namespace ringer::state {

/// Turns what it visits into the records of a saved state (format.h).
class Encoder : public Archive {
  protected:
    /// The records so far. No group may be open.
    std::vector<u8> take_records();

  private:
    struct Group {
        std::size_t payload;      ///< Where its payload starts in records_.
        std::vector<u32> numbers; ///< Of its fields.
    };

    void integer(const Tag& tag, unsigned size, u64& value) override;
    void bytes(std::span<u8> contents) override;
    void length(u64& elements, bool as_bytes) override;
    void begin(const Tag& tag) override;
    void end() override;

    void record(format::Kind kind, u32 number, u64 length);

    std::vector<u8> records_;
    std::vector<Group> groups_{Group{0, {}}}; ///< The body itself, and the groups that are open within it.
};

/// Saves what it visits.
class Writer final : public Encoder {
  public:
    /// The complete saved state, to be called once, after the last field.
    std::vector<u8> finish();
};

} // namespace ringer::state
