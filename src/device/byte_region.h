#pragma once

#include "base/types.h"
#include "memory/region.h"

namespace ringer::device {

/// A region of byte-wide registers, as those of the ISA devices are. The bus splits a wider access into bytes
/// at ascending addresses.
class ByteRegion : public memory::Region {
  public:
    [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) final {
        value = 0;
        for (unsigned i = 0; i < size; ++i) value |= u64{read_byte(offset + i)} << (8 * i);
        return memory::Answer::now;
    }

    [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) final {
        for (unsigned i = 0; i < size; ++i) write_byte(offset + i, static_cast<u8>(value >> (8 * i)));
        return memory::Answer::now;
    }

  protected:
    virtual u8 read_byte(u64 offset) = 0;
    virtual void write_byte(u64 offset, u8 value) = 0;
};

/// One of several ranges of byte-wide registers of the same device, which outlives it.
template <class Owner>
class BytePorts final : public ByteRegion {
  public:
    using Read = u8 (Owner::*)(u64 offset);
    using Write = void (Owner::*)(u64 offset, u8 value);

    BytePorts(Owner& owner, Read reader, Write writer) : owner_(owner), read_(reader), write_(writer) {}

  private:
    u8 read_byte(u64 offset) override { return (owner_.*read_)(offset); }
    void write_byte(u64 offset, u8 value) override { (owner_.*write_)(offset, value); }

    Owner& owner_;
    Read read_;
    Write write_;
};

} // namespace ringer::device
