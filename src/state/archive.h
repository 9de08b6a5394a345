#pragma once

#include "base/types.h"

#include <array>
#include <concepts>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ringer::state {

/// One visit of a component's state, which serves to save, load, compare, digest and show it.
///
/// A component keeps its guest-visible state in one struct and visits it by destructuring, so that a field
/// which is added and then forgotten does not compile:
///
///     struct TimerState { u32 count; bool enabled; std::array<u8, 4> latch; };
///
///     void visit(Archive& archive, TimerState& state) {
///         auto& [count, enabled, latch] = state;
///         archive.field(1, "count", count).field(2, "enabled", enabled).field(3, "latch", latch);
///     }
///
/// Numbers are unique within one struct and never reused; they identify the field in a saved file. Names are
/// for people. The order of fields carries no meaning for a load.
class Archive {
  public:
    virtual ~Archive() = default;

    /// Visits one field: an integer, a bool, an enum, an array or vector of such, or a struct with a `visit`
    /// function found by argument-dependent lookup.
    template <class T> Archive& field(u16 number, std::string_view name, T& value) {
        const Tag tag{number, name};
        if constexpr (std::same_as<T, bool> || std::is_enum_v<T> || std::is_integral_v<T>) {
            u64 wide = static_cast<u64>(value);
            integer(tag, sizeof(T), wide);
            value = static_cast<T>(wide);
        } else {
            begin(tag);
            elements(value);
            end();
        }
        return *this;
    }

  protected:
    struct Tag {
        u16 number;
        std::string_view name;
    };

    /// An integer of `size` bytes, zero- or sign-extended into `value`; a loading archive replaces it.
    virtual void integer(const Tag& tag, unsigned size, u64& value) = 0;

    /// The raw contents of an array of bytes whose size the component fixes.
    virtual void bytes(std::span<u8> contents) = 0;

    /// The number of elements of a vector; a loading archive replaces it, within `bytes left` of its input.
    virtual void length(u64& elements) = 0;

    /// Brackets the fields of a struct or the elements of an array.
    virtual void begin(const Tag& tag) = 0;
    virtual void end() = 0;

  private:
    template <class T> void elements(T& value) { visit(*this, value); }

    template <std::size_t N> void elements(std::array<u8, N>& value) { bytes(value); }

    template <class T, std::size_t N> void elements(std::array<T, N>& value) {
        for (std::size_t i = 0; i < N; ++i)
            field(static_cast<u16>(i), {}, value[i]);
    }

    template <class T> void elements(std::vector<T>& value) {
        u64 count = value.size();
        length(count);
        value.resize(count);
        if constexpr (std::same_as<T, u8>) {
            bytes(value);
        } else {
            for (std::size_t i = 0; i < value.size(); ++i)
                field(static_cast<u16>(i), {}, value[i]);
        }
    }
};

} // namespace ringer::state
