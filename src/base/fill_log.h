#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace ringer {

/// Which places of a large table were filled since it was last cleared, so that clearing it need not touch
/// all of it; when there are more than `most` of them it does.
template <class Place, std::size_t most>
class FillLog {
  public:
    void add(const Place& place) {
        if (count_ < places_.size()) places_[count_] = place;
        ++count_;
    }
    bool is_empty() const { return count_ == 0; }
    /// Whether places() are all of them.
    bool is_complete() const { return count_ <= places_.size(); }
    /// Only of one that is_complete().
    std::span<const Place> places() const { return std::span(places_).first(count_); }
    void clear() { count_ = 0; }

  private:
    std::array<Place, most> places_;
    std::size_t count_ = 0;
};

} // namespace ringer
