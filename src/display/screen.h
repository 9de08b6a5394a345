#pragma once

#include "display/picture.h"
#include "display/text.h"

#include <optional>

namespace ringer::display {

/// What a machine shows, to be looked at.
class Screen {
  public:
    virtual ~Screen() = default;
    virtual Picture picture() const = 0;
    /// nullopt when there is no text.
    virtual std::optional<TextScreen> text() const = 0;
};

/// An adapter's, which must outlive it.
class VgaScreen final : public Screen {
  public:
    explicit VgaScreen(const device::Vga& vga) : vga_(vga) {}
    Picture picture() const override { return picture_of(vga_); }
    std::optional<TextScreen> text() const override { return text_of(vga_); }

  private:
    const device::Vga& vga_;
};

} // namespace ringer::display
