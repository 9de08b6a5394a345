#include "x86/access.h"

#include "base/bits.h"
#include "x86/cpuid.h"
#include "x86/debug_registers.h"
#include "x86/paging.h"

#include <algorithm>
#include <cstring>

namespace ringer::x86 {

namespace {

using memory::Answer;
using memory::page_size;

AccessRights rights_of(const Cpu& cpu, const Tlb::View& view, Access access) {
    switch (cpu.tlb.which(view)) {
    case TlbView::user: return {access, true, false};
    case TlbView::supervisor: return {access, false, (cpu.state.cr4 & cr4::smap) != 0};
    case TlbView::supervisor_user_access: return {access, false, false};
    case TlbView::uncached: break;
    }
    return {access, cpu.state.cpl == 3, (cpu.state.cr4 & cr4::smap) && !(cpu.state.rflags & flag::ac)};
}

/// The checks that come before paging: canonical form, alignment, and the wrap at 4 GiB outside of 64-bit
/// mode.
Guest<u64> checked_linear(Cpu& cpu, const Tlb::View& view, SegmentRegister segment, u64 linear,
                          unsigned size) {
    const bool is_system = &view == cpu.system_view; // Which compatibility mode has above 4 GiB as well.
    if (!cpu.long_mode_active() || (!cpu.long64() && !is_system)) return linear & 0xffff'ffff;
    if (!is_canonical(linear) || !is_canonical(linear + size - 1))
        return segment == ss ? raise(cpu, Vector::stack_fault, 0) : general_protection(cpu);
    return linear;
}

/// The linear address of the byte `count` after `linear`. Outside of 64-bit mode addresses wrap at 4 GiB;
/// descriptor tables above it can still be reached in compatibility mode.
u64 advance(const Cpu& cpu, u64 linear, u64 count) {
    const bool wraps = !cpu.long64() && linear <= 0xffff'ffff;
    return wraps ? (linear + count) & 0xffff'ffff : linear + count;
}

bool alignment_checked(const Cpu& cpu, const Tlb::View& view) {
    return cpu.tlb.which(view) == TlbView::uncached && cpu.state.cpl == 3 && (cpu.state.cr0 & cr0::am) &&
           (cpu.state.rflags & flag::ac);
}

/// What #AC asks of an access of `size` bytes (AMD APM Vol. 2, table 8-9; Intel SDM Vol. 3, table 6-7): of
/// whole vectors Intel's CPUs ask nothing. Sizes that are no power of two are those of x87 numbers,
/// environments and saved states.
unsigned natural_alignment(const Cpu& cpu, unsigned size) {
    constexpr unsigned extended_precision = 10, smallest_vector = 16, largest_vector = 32;
    if (size == extended_precision) return 8;
    if (!cpu.model.is_amd && (size == smallest_vector || size == largest_vector)) return 1;
    if (std::has_single_bit(size) && size <= largest_vector) return std::min(size, smallest_vector);
    return size % 4 == 0 ? 4 : 2;
}

/// Caches what a walk has found, so that the next access of the page goes straight to host memory.
void fill(Cpu& cpu, Tlb::View& view, u64 linear, const Translation& translation, Access access) {
    if (cpu.tlb.which(view) == TlbView::uncached) return;
    memory::AddressSpace& memory = cpu.surroundings.memory();
    u8* const host = memory.ram(translation.address);
    if (!host) return;
    u8& flags = *memory.page_flags(translation.address);
    const bool writable = translation.writable && !(flags & (memory::page_has_code | memory::page_read_only));
    // A page that may be written without being seen counts as dirty from now on.
    if (writable && access == Access::write) flags |= memory::page_dirty;
    cpu.tlb.fill(view, linear, host, translation.page, writable && (flags & memory::page_dirty));
}

/// An access cut at page boundaries: the guest-physical address of each part.
struct Pieces {
    struct Piece {
        GuestPhysical address;
        unsigned size;
    };
    std::array<Piece, 2> piece{};
    unsigned count = 0;
};

Guest<Pieces> translate_range(Cpu& cpu, Tlb::View& view, u64 linear, unsigned size, Access access) {
    const AccessRights rights = rights_of(cpu, view, access);
    Pieces pieces;
    unsigned done = 0;
    while (done < size) {
        const u64 at = advance(cpu, linear, done);
        const unsigned here = static_cast<unsigned>(std::min<u64>(size - done, page_size - at % page_size));
        const Translation translation = TRY(translate(cpu, at, rights));
        fill(cpu, view, at, translation, access);
        pieces.piece[pieces.count++] = {translation.address, here};
        done += here;
    }
    return pieces;
}

/// Every check and translation that an access needs, before any of it is done.
Guest<Pieces> prepare(Cpu& cpu, Tlb::View& view, SegmentRegister segment, u64 linear, unsigned size,
                      Access access) {
    linear = TRY(checked_linear(cpu, view, segment, linear, size));
    if (alignment_checked(cpu, view) && linear % natural_alignment(cpu, size) != 0)
        return raise(cpu, Vector::alignment_check, 0);
    const Pieces pieces = TRY(translate_range(cpu, view, linear, size, access));
    if (cpu.tlb.which(view) == TlbView::uncached) note_data_access(cpu, linear, size, access);
    return pieces;
}

std::unexpected<Stop> wait_for_memory(Cpu& cpu, GuestPhysical address, unsigned size, bool is_write) {
    cpu.pending = {.address = address, .size = static_cast<u8>(size), .is_port = false, .is_write = is_write};
    return std::unexpected(Stop::not_yet);
}

/// A device takes at most 8 bytes at once; larger pieces are taken 8 bytes at a time.
Guest<void> read_piece(Cpu& cpu, GuestPhysical address, u8* destination, unsigned size) {
    memory::AddressSpace& memory = cpu.surroundings.memory();
    if (const u8* host = memory.ram(address)) {
        std::memcpy(destination, host, size);
        return {};
    }
    for (unsigned done = 0; done < size;) {
        const unsigned here = std::bit_floor(std::min(size - done, 8u));
        u64 value = 0;
        if (memory.read(address + done, here, value) == Answer::not_yet)
            return wait_for_memory(cpu, address + done, here, false);
        std::memcpy(destination + done, &value, here);
        done += here;
    }
    return {};
}

Guest<void> write_piece(Cpu& cpu, GuestPhysical address, const u8* source, unsigned size) {
    memory::AddressSpace& memory = cpu.surroundings.memory();
    if (u8* host = memory.writable_ram(address)) {
        memory.note_write(address, size);
        std::memcpy(host, source, size);
        return {};
    }
    for (unsigned done = 0; done < size;) {
        const unsigned here = std::bit_floor(std::min(size - done, 8u));
        u64 value = 0;
        std::memcpy(&value, source + done, here);
        if (memory.write(address + done, here, value) == Answer::not_yet)
            return wait_for_memory(cpu, address + done, here, true);
        done += here;
    }
    return {};
}

Guest<void> read_bytes(Cpu& cpu, Tlb::View& view, SegmentRegister segment, u64 linear, u8* destination,
                       unsigned size) {
    const Pieces pieces = TRY(prepare(cpu, view, segment, linear, size, Access::read));
    for (unsigned i = 0; i < pieces.count; ++i) {
        TRY(read_piece(cpu, pieces.piece[i].address, destination, pieces.piece[i].size));
        destination += pieces.piece[i].size;
    }
    return {};
}

Guest<void> write_bytes(Cpu& cpu, Tlb::View& view, SegmentRegister segment, u64 linear, const u8* source,
                        unsigned size) {
    const Pieces pieces = TRY(prepare(cpu, view, segment, linear, size, Access::write));
    for (unsigned i = 0; i < pieces.count; ++i) {
        TRY(write_piece(cpu, pieces.piece[i].address, source, pieces.piece[i].size));
        source += pieces.piece[i].size;
    }
    return {};
}

} // namespace

bool fill_tlb(Cpu& cpu, u64 linear, unsigned size, Access access) {
    const bool is_in_one_page = linear % page_size <= page_size - size;
    const bool exists = cpu.long64() ? is_canonical(linear) : linear == static_cast<u32>(linear);
    if (!is_in_one_page || !exists) return false;
    Tlb::View& view = *cpu.data_view;
    const auto translation = translate(cpu, linear, rights_of(cpu, view, access));
    if (!translation) return false;
    fill(cpu, view, linear, *translation, access);
    return access == Access::write ? view.writable(linear, size) : view.readable(linear, size);
}

Guest<u64> based_address(Cpu& cpu, u64 base, u64 offset) {
    if (cpu.model.is_amd && !is_canonical(offset)) return general_protection(cpu);
    return base + offset;
}

namespace {

/// Whether some bytes of a block can be accessed.
Guest<void> touch(Cpu& cpu, const Instruction& instruction, u64 offset, unsigned size, Access access) {
    const u64 mask = ~u64{0} >> instruction.address_shift;
    const u64 linear = TRY(linear_address(cpu, instruction.segment, offset & mask, size, access));
    return access == Access::write ? check_writable(cpu, linear, size, instruction.segment)
                                   : check_readable(cpu, linear, size, instruction.segment);
}

/// What is asked of where a block lies, before any of it is touched. #AC comes before #GP, but on AMD's CPUs
/// the areas of XSAVE do not know it.
Guest<void> check_place(Cpu& cpu, SegmentRegister segment, u64 offset, u64 linear, const BlockShape& shape,
                        Access access) {
    constexpr unsigned xsave_alignment = 64;
    const bool is_xsave = cpu.model.is_amd && shape.alignment == xsave_alignment;
    if (is_xsave && linear % shape.alignment != 0) return general_protection(cpu);
    const unsigned natural = natural_alignment(cpu, shape.size), first = std::max(shape.first, natural);
    if (cpu.long64() && !(is_canonical(linear) && is_canonical(linear + first - 1)))
        return segment == ss ? raise(cpu, Vector::stack_fault, 0) : general_protection(cpu);
    // FXSAVE, which touches no element first, finds out that it may not write when it does.
    const Access first_access = shape.first ? access : Access::read;
    TRY(linear_address(cpu, segment, offset, is_xsave ? shape.first : first, first_access));
    if (!is_xsave && alignment_checked(cpu, *cpu.data_view) && linear % natural != 0)
        return raise(cpu, Vector::alignment_check, 0);
    if (linear % shape.alignment != 0) return general_protection(cpu);
    return {};
}

/// Intel's CPUs touch the first field of an x87 environment, and then the last byte, if that is in another
/// page; of the areas of FXSAVE and XSAVE the last byte only.
Guest<u64> touch_as_intel(Cpu& cpu, const Instruction& instruction, u64 offset, u64 linear,
                          const BlockShape& shape, Access access) {
    const bool is_environment = shape.alignment == 1;
    if (is_environment) TRY(touch(cpu, instruction, offset, natural_alignment(cpu, shape.size), access));
    const u64 address = TRY(operand_address(cpu, instruction, shape.size, access));
    const bool crosses_pages = linear % page_size + shape.size > page_size;
    if (!is_environment || crosses_pages) TRY(touch(cpu, instruction, offset + shape.second, 1, access));
    return address;
}

Guest<u64> touch_as_amd(Cpu& cpu, const Instruction& instruction, u64 offset, u64 linear,
                        const BlockShape& shape, Access access) {
    if (shape.first) TRY(touch(cpu, instruction, offset, shape.first, access));
    TRY(touch(cpu, instruction, offset + shape.second, 1, access));
    const u64 mask = ~u64{0} >> instruction.address_shift;
    const bool wraps = !cpu.long64() && offset + shape.size - 1 > mask;
    if (wraps && cpu.state.segments[instruction.segment].limit == 0xffff'ffff) return linear & 0xffff'ffff;
    return operand_address(cpu, instruction, shape.size, access);
}

} // namespace

Guest<u64> block_address(Cpu& cpu, const Instruction& instruction, const BlockShape& shape, Access access) {
    const SegmentRegister segment = instruction.segment;
    const u64 offset = effective_address(cpu, instruction);
    const u64 linear =
        offset + (cpu.long64() ? cpu.get<u64>(instruction.segment_base) : cpu.state.segments[segment].base);
    TRY(check_place(cpu, segment, offset, linear, shape, access));
    return cpu.model.is_amd ? touch_as_amd(cpu, instruction, offset, linear, shape, access)
                            : touch_as_intel(cpu, instruction, offset, linear, shape, access);
}

Guest<u64> load_slow(Cpu& cpu, Tlb::View& view, SegmentRegister segment, u64 linear, unsigned size) {
    u64 value = 0;
    TRY(read_bytes(cpu, view, segment, linear, reinterpret_cast<u8*>(&value), size));
    return value;
}

Guest<void> store_slow(Cpu& cpu, Tlb::View& view, SegmentRegister segment, u64 linear, unsigned size,
                       u64 value) {
    return write_bytes(cpu, view, segment, linear, reinterpret_cast<const u8*>(&value), size);
}

Guest<void> check_writable(Cpu& cpu, u64 linear, unsigned size, SegmentRegister segment) {
    if (!cpu.data_view->writable(linear, size))
        TRY(prepare(cpu, *cpu.data_view, segment, linear, size, Access::write));
    return {};
}

Guest<void> check_readable(Cpu& cpu, u64 linear, unsigned size, SegmentRegister segment) {
    if (!cpu.data_view->readable(linear, size))
        TRY(prepare(cpu, *cpu.data_view, segment, linear, size, Access::read));
    return {};
}

Guest<void> load_bytes(Cpu& cpu, u64 linear, u8* destination, unsigned size, SegmentRegister segment) {
    if (const u8* const host = cpu.data_view->readable(linear, size)) {
        std::memcpy(destination, host, size);
        return {};
    }
    return read_bytes(cpu, *cpu.data_view, segment, linear, destination, size);
}

Guest<void> store_bytes(Cpu& cpu, u64 linear, const u8* source, unsigned size, SegmentRegister segment) {
    if (u8* const host = cpu.data_view->writable(linear, size)) {
        std::memcpy(host, source, size);
        return {};
    }
    return write_bytes(cpu, *cpu.data_view, segment, linear, source, size);
}

} // namespace ringer::x86
