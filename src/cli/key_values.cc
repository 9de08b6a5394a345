#include "cli/key_values.h"

#include <algorithm>
#include <vector>

namespace ringer::cli {

namespace {

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> items{""};
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != ',') {
            items.back() += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == ',') {
            items.back() += ',';
            ++i;
        } else {
            items.emplace_back();
        }
    }
    return items;
}

bool contains(std::initializer_list<std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

} // namespace

Result<KeyValues> KeyValues::parse(std::string_view option, std::string_view text,
                                   std::initializer_list<std::string_view> keys,
                                   std::initializer_list<std::string_view> flags,
                                   std::initializer_list<std::string_view> repeated) {
    const auto bad = [&](std::string_view key, std::string_view how) {
        return user_error("{} {}: {} {}", option, text, key, how);
    };
    KeyValues result;
    bool is_first = true;
    for (const std::string& item : split(text)) {
        const std::size_t equals = item.find('=');
        const bool has_value = equals != item.npos;
        std::string key = item.substr(0, equals), value;
        const bool is_key = contains(keys, key) || contains(repeated, key);
        if (has_value && is_key) {
            value = item.substr(equals + 1);
            if (value.empty()) return bad(key, "has no value; give one after '='");
        } else if (contains(flags, key)) {
            if (has_value) return bad(key, "takes no value; give it alone, or leave it out");
        } else if (is_first && !item.empty() && keys.size() > 0) {
            key = *keys.begin();
            value = item;
        } else if (is_key) {
            return bad(key, "has no value; give one after '='");
        } else {
            std::vector<std::string_view> known(keys);
            known.insert(known.end(), repeated);
            known.insert(known.end(), flags);
            return user_error("{} {}: '{}' is unknown; give {}", option, text, key, fmt::join(known, ", "));
        }
        if (result.values_.contains(key) && !contains(repeated, key))
            return bad(key, "is given twice; give it once");
        result.values_.emplace(key, value);
        is_first = false;
    }
    return result;
}

std::optional<std::string> KeyValues::value(std::string_view key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> KeyValues::values(std::string_view key) const {
    std::vector<std::string> values;
    const auto [first, last] = values_.equal_range(key);
    for (auto each = first; each != last; ++each) values.push_back(each->second);
    return values;
}

} // namespace ringer::cli
