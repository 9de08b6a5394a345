#pragma once

#include "state/archive.h"

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <vector>

namespace ringer::state {

/// Shows what it visits as JSON, for people and for compare(): structs as objects in the order of their
/// visit, integers of any kind as unsigned numbers of their width, arrays as arrays, and bytes as a string of
/// hexadecimal digits.
class Describer final : public Archive {
  public:
    /// The description, to be called after the last field.
    nlohmann::ordered_json finish();

  private:
    struct Group {
        std::string name;
        nlohmann::ordered_json value;
    };

    void integer(const Tag& tag, unsigned size, u64& value) override;
    void bytes(std::span<u8> contents) override;
    void length(u64& elements, bool as_bytes) override;
    void begin(const Tag& tag) override;
    void end() override;

    void add(std::string_view name, nlohmann::ordered_json value);

    std::vector<Group> groups_{Group{{}, nlohmann::ordered_json::object()}};
};

/// One field in which two descriptions differ. A side that lacks the field is null.
struct Difference {
    std::string path;
    nlohmann::ordered_json left, right;
};

/// "cpu.rip: 0x1000 and 0x1003".
std::string to_string(const Difference& difference);

/// All fields in which two descriptions differ, in their order. Of bytes that differ the first is named, or
/// all are given where there are at most `whole` of them.
std::vector<Difference> compare(const nlohmann::ordered_json& left, const nlohmann::ordered_json& right,
                                std::size_t whole = 0);

} // namespace ringer::state
