#pragma once

#include "base/types.h"

#include <array>
#include <concepts>
#include <optional>
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

    /// Visits one field: an integer, a bool, an enum, an object with a member function `visit`, a struct with
    /// a function of that name found by argument-dependent lookup, or an array, vector or optional of such.
    /// `name` must live as long as the visit of the field.
    template <class T>
    Archive& field(u16 number, std::string_view name, T& value) {
        one(Tag{number, name}, value);
        return *this;
    }

    /// Whether values are replaced by what was saved, so that what is derived from them is out of date
    /// afterwards.
    virtual bool loads() const { return false; }

  protected:
    struct Tag {
        u32 number;
        std::string_view name; ///< Empty for the element of an array, whose number is its index.
    };

    /// An integer of `size` bytes, zero- or sign-extended into `value`; a loading archive replaces it.
    virtual void integer(const Tag& tag, unsigned size, u64& value) = 0;

    /// The raw contents of an array of bytes whose size the component fixes.
    virtual void bytes(std::span<u8> contents) = 0;

    /// The number of elements of a vector, whose contents come as `bytes` or else as elements of their own; a
    /// loading archive replaces it, by no more than its input holds.
    virtual void length(u64& elements, bool as_bytes) = 0;

    /// Brackets the fields of a struct or the elements of an array.
    virtual void begin(const Tag& tag) = 0;
    virtual void end() = 0;

  private:
    template <class T>
    void one(const Tag& tag, T& value) {
        if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
            static_assert(sizeof(T) <= sizeof(u64));
            u64 wide = static_cast<u64>(value);
            integer(tag, sizeof(T), wide);
            value = static_cast<T>(wide);
        } else {
            begin(tag);
            contents(value);
            end();
        }
    }

    template <class T>
    void contents(T& value) {
        if constexpr (requires(Archive& archive) { value.visit(archive); })
            value.visit(*this);
        else
            visit(*this, value);
    }

    template <std::size_t count>
    void contents(std::array<u8, count>& value) {
        bytes(value);
    }

    template <class T, std::size_t count>
    void contents(std::array<T, count>& value) {
        elements(value);
    }

    template <class T>
    void contents(std::vector<T>& value) {
        constexpr bool as_bytes = std::same_as<T, u8>;
        u64 count = value.size();
        length(count, as_bytes);
        value.resize(count);
        if constexpr (as_bytes)
            bytes(value);
        else
            elements(value);
    }

    template <class T>
    void contents(std::optional<T>& value) {
        bool present = value.has_value();
        field(0, "present", present);
        if (!present) {
            value.reset();
            return;
        }
        if (!value) value.emplace();
        field(1, "value", *value);
    }

    template <class Sequence>
    void elements(Sequence& sequence) {
        for (u32 i = 0; i < sequence.size(); ++i) one(Tag{i, {}}, sequence[i]);
    }
};

} // namespace ringer::state
