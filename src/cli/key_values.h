#pragma once

#include "base/result.h"

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringer::cli {

/// The value of an option that takes a list such as "disk.raw,readonly,cache=none": keys and values, of which
/// the first may leave out its key, and keys that stand alone. Two commas are one in a value.
class KeyValues {
  public:
    /// `keys` are those that there are, with a value; the first is the one that may be left out. `flags`
    /// stand alone, first too, where a value of that name needs its key. `repeated` are keys with a value
    /// that may be given several times. Errors name `option`.
    static Result<KeyValues> parse(std::string_view option, std::string_view text,
                                   std::initializer_list<std::string_view> keys,
                                   std::initializer_list<std::string_view> flags = {},
                                   std::initializer_list<std::string_view> repeated = {});

    std::optional<std::string> value(std::string_view key) const;
    /// All values of one that may be repeated, in their order.
    std::vector<std::string> values(std::string_view key) const;
    bool has(std::string_view flag) const { return value(flag).has_value(); }

  private:
    std::multimap<std::string, std::string, std::less<>> values_;
};

} // namespace ringer::cli
