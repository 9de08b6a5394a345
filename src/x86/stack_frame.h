#pragma once

#include "x86/segmentation.h"

namespace ringer::x86 {

/// A stack that an event or a far transfer pushes to, before it becomes, or stays, the vCPU's stack.
///
/// Memory below the top may have been written when a later push faults; that is no visible effect, as the
/// transfer changes registers only after its last push.
class PushStack {
  public:
    /// SS:RSP, with the rights of the present privilege level. `external` is the EXT bit of #SS.
    static PushStack current(Cpu& cpu, u32 external = 0);

    /// The same for a far CALL to `code`. One from compatibility to 64-bit mode knows no base of SS; on AMD's
    /// CPUs one the other way leaves only 32 bits of RSP.
    static PushStack for_call(Cpu& cpu, const Descriptor& code);

    /// The stack of an inner, supervisor, privilege level outside of 64-bit mode: `segment` is what SS will
    /// hold.
    static PushStack inner(Cpu& cpu, const Segment& segment, u64 pointer, u32 external = 0);

    /// A flat stack of 64-bit mode; of the present privilege level, or a supervisor's.
    static PushStack long_mode(Cpu& cpu, u64 pointer, bool supervisor, u32 external = 0);

    /// `size` is 2, 4 or 8 bytes.
    Guest<void> push(u64 value, unsigned size);

    /// Leaves `bytes` as they are in memory.
    void skip(u64 bytes);

    /// Writes RSP: as many bytes of it as the stack's size has.
    void commit() const;

  private:
    PushStack(Cpu& cpu, const Segment& segment, u64 pointer, unsigned pointer_size, Tlb::View& view,
              u32 limit_error)
        : cpu_(&cpu), segment_(segment), pointer_(pointer), pointer_size_(pointer_size), view_(&view),
          limit_error_(limit_error) {}

    Cpu* cpu_;
    Segment segment_;
    u64 pointer_;
    unsigned pointer_size_; ///< In bytes; 8 means a flat stack without checks of a segment.
    Tlb::View* view_;
    u32 limit_error_;
};

/// Reads from the current stack without popping.
class PopStack {
  public:
    explicit PopStack(Cpu& cpu);

    /// The value at the top, and goes on to the next. `size` is 2, 4 or 8 bytes.
    Guest<u64> pop(unsigned size);

    /// The value `distance` bytes from the top.
    Guest<u64> peek(unsigned size, u64 distance) const;

    /// Drops `bytes`.
    void skip(u64 bytes);

    /// Writes RSP, as commit() above.
    void commit() const;

  private:
    Cpu& cpu_;
    u64 pointer_;
    unsigned pointer_size_;
};

/// `pointer` in the low `size` bytes of RSP: a 16-bit stack leaves the rest of it alone.
void set_stack_pointer(Cpu& cpu, u64 pointer, unsigned size);

/// SS:ESP or RSP of privilege level `level` from the present TSS (Intel SDM Vol. 3, 7.2.1 and 7.7).
struct InnerStack {
    u16 selector;
    u64 pointer;
};
Guest<InnerStack> stack_from_tss(Cpu& cpu, unsigned level, u32 external = 0);

/// In long mode: slot 0 to 2 are RSP0 to RSP2, and 4 to 10 are IST1 to IST7.
Guest<u64> long_mode_stack_from_tss(Cpu& cpu, unsigned slot, u32 external = 0);

} // namespace ringer::x86
