#include "x86/extended_area.h"

#include "x86/access.h"
#include "x86/cpuid.h"
#include "x86/x87_state.h"

#include <algorithm>

namespace ringer::x86 {

namespace {

constexpr u64 compacted_format = u64{1} << 63;

struct Header {
    u64 present;   ///< XSTATE_BV
    u64 compacted; ///< XCOMP_BV
    std::array<u64, 6> reserved;
};
static_assert(sizeof(Header) == area::header_size);

/// Looks at all of them, of which the compiler makes one comparison.
bool all_zero(std::span<const u8, 16> bytes) {
    u8 any = 0;
    for (const u8 byte : bytes) any |= byte;
    return any == 0;
}

bool x87_in_use(const X87State& x87) {
    return x87.control != 0x37f || x87.status || x87.valid || x87.opcode || x87.instruction_pointer ||
           x87.data_pointer ||
           !std::ranges::all_of(x87.st, [](const auto& value) { return all_zero(value); });
}

/// A part of the area that is stored or loaded as a whole.
struct Part {
    unsigned offset;
    unsigned size;
};

constexpr Part x87_part{0, legacy_offset::mxcsr};
constexpr Part stack_part{legacy_offset::st, 128};
constexpr Part mxcsr_part{legacy_offset::mxcsr, 8};
Part xmm_part(const Cpu& cpu) { return {legacy_offset::xmm, 16 * vector_registers(cpu)}; }
Part avx_part(const Cpu& cpu) { return {area::avx, 16 * vector_registers(cpu)}; }

/// An area in the making, and which parts of it matter.
class Area {
  public:
    std::array<u8, area::size> bytes;

    void add(Part part) { parts_[count_++] = part; }

    /// Stores the parts that were added, or none of them.
    Guest<void> store(Cpu& cpu, u64 linear, SegmentRegister segment) const {
        for (const Part& part : parts()) TRY(check_writable(cpu, linear + part.offset, part.size, segment));
        for (const Part& part : parts())
            TRY(store_bytes(cpu, linear + part.offset, bytes.data() + part.offset, part.size, segment));
        return {};
    }

    Guest<void> load(Cpu& cpu, u64 linear, SegmentRegister segment, Part part) {
        return load_bytes(cpu, linear + part.offset, bytes.data() + part.offset, part.size, segment);
    }

    Header header() const {
        Header header;
        std::memcpy(&header, bytes.data() + area::header, sizeof(header));
        return header;
    }
    void set_header(const Header& header) {
        std::memcpy(bytes.data() + area::header, &header, sizeof(header));
    }

  private:
    std::span<const Part> parts() const { return {parts_.data(), count_}; }

    std::array<Part, 6> parts_{};
    unsigned count_ = 0;
};

void write_avx_image(const Cpu& cpu, u8* image) {
    for (unsigned i = 0; i < vector_registers(cpu); ++i)
        std::memcpy(image + area::avx + 16 * i, cpu.state.vector.ymm[i].data() + 16, 16);
}

/// XSTATE_BV as the instruction leaves it. MXCSR belongs to SSE only in the compacted format.
u64 present_components(const Cpu& cpu, u64 requested, u64 before, SaveForm form) {
    const u64 in_use = components_in_use(cpu);
    if (form != SaveForm::compacted) return (before & ~requested) | (requested & in_use);
    const bool default_mxcsr = cpu.state.vector.mxcsr == 0x1f80;
    return requested & (in_use | (default_mxcsr ? 0 : component::sse));
}

/// The components of `saved` into the area.
void fill_area(const Cpu& cpu, u64 saved, bool wide, Area& made) {
    u8* const image = made.bytes.data();
    if (saved & component::x87) {
        write_x87_image(saved_x87(cpu), wide, image);
        made.add(x87_part);
        made.add(stack_part);
    }
    if (saved & component::sse) {
        write_xmm_image(cpu, image);
        made.add(xmm_part(cpu));
    }
    if (saved & component::avx) {
        write_avx_image(cpu, image);
        made.add(avx_part(cpu));
    }
}

/// Intel SDM Vol. 1, 13.8: what makes XRSTOR raise #GP.
bool is_sound(const Cpu& cpu, const Header& header) {
    const auto is_zero = [](u64 value) { return value == 0; };
    if (!(header.compacted & compacted_format))
        return !(header.present & ~cpu.state.xcr0) && header.compacted == 0 && header.reserved[0] == 0;
    return !(header.compacted & ~(cpu.state.xcr0 | compacted_format)) &&
           !(header.present & ~header.compacted) && std::ranges::all_of(header.reserved, is_zero);
}

constexpr X87State initial_x87{.control = 0x37f, .valid = 0};

void restore_vectors(Cpu& cpu, const Area& loaded, u64 requested, u64 present) {
    auto& ymm = cpu.state.vector.ymm;
    for (unsigned i = 0; i < vector_registers(cpu); ++i) {
        const auto restore_half = [&](u64 which, unsigned half, unsigned offset) {
            if (!(requested & which)) return;
            if (present & which)
                std::memcpy(ymm[i].data() + half, loaded.bytes.data() + offset + 16 * i, 16);
            else
                std::memset(ymm[i].data() + half, 0, 16);
        };
        restore_half(component::sse, 0, legacy_offset::xmm);
        restore_half(component::avx, 16, area::avx);
    }
}

/// The value that MXCSR gets. In the standard format it comes from memory whenever SSE or AVX is requested,
/// present or not.
Guest<u32> restored_mxcsr(Cpu& cpu, Area& loaded, u64 linear, SegmentRegister segment, u64 requested,
                          const Header& header) {
    const bool is_compacted = header.compacted & compacted_format;
    if (!(requested & (is_compacted ? component::sse : component::sse | component::avx)))
        return cpu.state.vector.mxcsr;
    if (is_compacted && !(header.present & component::sse)) return 0x1f80;
    TRY(loaded.load(cpu, linear, segment, mxcsr_part));
    return read_mxcsr_image(cpu, loaded.bytes.data());
}

} // namespace

u64 components_in_use(const Cpu& cpu) {
    bool sse = false, avx = false;
    for (unsigned i = 0; i < vector_registers(cpu); ++i) {
        const std::span ymm(cpu.state.vector.ymm[i]);
        sse |= !all_zero(ymm.first<16>());
        avx |= !all_zero(ymm.subspan<16>());
    }
    return (x87_in_use(cpu.state.x87) ? component::x87 : 0) | (sse ? component::sse : 0) |
           (avx ? component::avx : 0);
}

X87State saved_x87(const Cpu& cpu) {
    X87State x87 = with_saved_selectors(cpu, cpu.state.x87);
    if (!cpu.model.is_amd || (x87.status & x87_status::summary)) return x87;
    x87.opcode = 0;
    x87.instruction_pointer = x87.data_pointer = 0;
    x87.code_selector = x87.data_selector = 0;
    return x87;
}

void write_xmm_image(const Cpu& cpu, u8* image) {
    for (unsigned i = 0; i < vector_registers(cpu); ++i)
        std::memcpy(image + legacy_offset::xmm + 16 * i, cpu.state.vector.ymm[i].data(), 16);
}

void read_xmm_image(Cpu& cpu, const u8* image) {
    for (unsigned i = 0; i < vector_registers(cpu); ++i)
        std::memcpy(cpu.state.vector.ymm[i].data(), image + legacy_offset::xmm + 16 * i, 16);
}

Guest<u32> read_mxcsr_image(Cpu& cpu, const u8* image) {
    u32 mxcsr;
    std::memcpy(&mxcsr, image + legacy_offset::mxcsr, sizeof(mxcsr));
    if (mxcsr & ~mxcsr_mask) return general_protection(cpu);
    return mxcsr;
}

Guest<void> save_extended_state(Cpu& cpu, u64 linear, SegmentRegister segment, u64 requested, bool wide,
                                SaveForm form) {
    requested &= cpu.state.xcr0;
    const bool compacted = form == SaveForm::compacted;
    Area made;
    if (!compacted) TRY(made.load(cpu, linear, segment, {area::header, area::header_size}));
    Header header = compacted ? Header{} : made.header();
    header.present = present_components(cpu, requested, header.present, form);
    if (compacted) header.compacted = requested | compacted_format;
    made.set_header(header);
    made.add({area::header, compacted ? 16u : 8u});
    fill_area(cpu, form == SaveForm::standard ? requested : requested & header.present, wide, made);
    const u64 with_mxcsr =
        compacted ? header.present & component::sse : requested & (component::sse | component::avx);
    if (with_mxcsr) {
        write_mxcsr_image(cpu.state.vector.mxcsr, made.bytes.data());
        made.add(mxcsr_part);
    }
    return made.store(cpu, linear, segment);
}

Guest<void> restore_extended_state(Cpu& cpu, u64 linear, SegmentRegister segment, u64 requested, bool wide) {
    requested &= cpu.state.xcr0;
    Area loaded;
    TRY(loaded.load(cpu, linear, segment, {area::header, area::header_size}));
    const Header header = loaded.header();
    if (!is_sound(cpu, header)) return general_protection(cpu);
    const u64 from_memory = requested & header.present;
    if (from_memory & component::x87) {
        TRY(loaded.load(cpu, linear, segment, x87_part));
        TRY(loaded.load(cpu, linear, segment, stack_part));
    }
    if (from_memory & component::sse) TRY(loaded.load(cpu, linear, segment, xmm_part(cpu)));
    if (from_memory & component::avx) TRY(loaded.load(cpu, linear, segment, avx_part(cpu)));
    const auto mxcsr = [&] { return restored_mxcsr(cpu, loaded, linear, segment, requested, header); };
    if (cpu.model.is_amd) TRY(mxcsr()); // Intel's CPUs have restored x87 state when they refuse MXCSR.
    if (requested & component::x87)
        cpu.state.x87 =
            (from_memory & component::x87) ? read_x87_image(loaded.bytes.data(), wide) : initial_x87;
    cpu.state.vector.mxcsr = TRY(mxcsr());
    restore_vectors(cpu, loaded, requested, from_memory);
    return {};
}

} // namespace ringer::x86
