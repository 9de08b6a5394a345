#include "state/describer.h"

#include "base/assert.h"
#include "base/bits.h"
#include "state/path.h"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

namespace ringer::state {

using nlohmann::ordered_json;

ordered_json Describer::finish() {
    RINGER_ASSERT(groups_.size() == 1);
    return std::exchange(groups_.front().value, ordered_json::object());
}

void Describer::add(std::string_view name, ordered_json value) {
    ordered_json& group = groups_.back().value;
    if (name.empty()) {
        group.push_back(std::move(value));
        return;
    }
    RINGER_ASSERT(!group.contains(name));
    group[std::string(name)] = std::move(value);
}

void Describer::integer(const Tag& tag, unsigned size, u64& value) { add(tag.name, value & byte_mask(size)); }

void Describer::bytes(std::span<u8> contents) {
    groups_.back().value = fmt::format("{:02x}", fmt::join(contents, ""));
}

void Describer::length(u64&, bool) { groups_.back().value = ordered_json::array(); }

void Describer::begin(const Tag& tag) { groups_.push_back(Group{std::string(tag.name), nullptr}); }

void Describer::end() {
    RINGER_ASSERT(groups_.size() > 1);
    Group group = std::move(groups_.back());
    groups_.pop_back();
    add(group.name, group.value.is_null() ? ordered_json::object() : std::move(group.value));
}

namespace {

/// The members of an object, or the elements of an array, under the path of each.
class Comparison {
  public:
    explicit Comparison(std::size_t whole) : whole_(whole) {}

    void values(const std::string& path, const ordered_json& left, const ordered_json& right) {
        if (left == right) return;
        if (left.is_object() && right.is_object())
            objects(path, left, right);
        else if (left.is_array() && right.is_array())
            arrays(path, left, right);
        else if (left.is_string() && right.is_string())
            bytes(path, left.get_ref<const std::string&>(), right.get_ref<const std::string&>());
        else
            differences.push_back({path, left, right});
    }

    std::vector<Difference> differences;

  private:
    void objects(const std::string& path, const ordered_json& left, const ordered_json& right) {
        for (const auto& [name, value] : left.items()) {
            const auto other = right.find(name);
            values(join(path, name, 0), value, other == right.end() ? ordered_json() : *other);
        }
        for (const auto& [name, value] : right.items())
            if (!left.contains(name)) values(join(path, name, 0), nullptr, value);
    }

    void arrays(const std::string& path, const ordered_json& left, const ordered_json& right) {
        for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i)
            values(join(path, {}, i), i < left.size() ? left[i] : ordered_json(),
                   i < right.size() ? right[i] : ordered_json());
    }

    void bytes(const std::string& path, const std::string& left, const std::string& right) {
        if (left.size() != right.size() || left.size() <= 2 * whole_) {
            differences.push_back({path, left, right});
            return;
        }
        const auto first = std::ranges::mismatch(left, right).in1 - left.begin();
        const std::size_t index = static_cast<std::size_t>(first) / 2;
        const auto at = [index](const std::string& text) {
            return std::stoul(text.substr(2 * index, 2), nullptr, 16);
        };
        differences.push_back({join(path, {}, index), at(left), at(right)});
    }

    std::size_t whole_;
};

std::string show(const ordered_json& value) {
    if (value.is_null()) return "absent";
    return value.is_number_unsigned() ? fmt::format("{:#x}", value.get<u64>()) : value.dump();
}

} // namespace

std::string to_string(const Difference& difference) {
    return fmt::format("{}: {} and {}", difference.path, show(difference.left), show(difference.right));
}

std::vector<Difference> compare(const ordered_json& left, const ordered_json& right, std::size_t whole) {
    Comparison comparison(whole);
    comparison.values({}, left, right);
    return std::move(comparison.differences);
}

} // namespace ringer::state
