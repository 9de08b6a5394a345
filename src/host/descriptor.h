#pragma once

#include "base/types.h"

#include <span>
#include <utility>

namespace ringer::host {

/// Owns a file descriptor.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();

    explicit operator bool() const { return number_ >= 0; }
    int get() const { return number_; }

    /// Leaves it to the caller to close it.
    [[nodiscard]] int release() { return std::exchange(number_, -1); }

    /// Closes it now; 0, or the errno value of a write that only now turned out to have failed.
    int close();

  private:
    int number_ = -1;
};

/// A memory object of zeros, under a name that the host shows; none if the host refuses it (errno).
Descriptor make_memory_file(const char* name, u64 size);

/// Writes all of `contents`, waiting as needed; 0 or an errno value.
int write_all(int descriptor, std::span<const u8> contents);

} // namespace ringer::host
