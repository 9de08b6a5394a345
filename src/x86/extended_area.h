#pragma once

#include "x86/cpu.h"
#include "x86/legacy_image.h"

/// The XSAVE area (Intel SDM Vol. 1, 13.4): the legacy region, a header, and the upper halves of the YMM
/// registers. The standard and the compacted format differ only in the header here, since AVX is the one
/// component behind it.
///
/// CPUID leaf 0DH must therefore say: subleaf 0 EAX = the supported components, EBX = 576 or with AVX enabled
/// 832, ECX = 832 (576 without AVX); subleaf 1 EAX = XSAVEOPT, XSAVEC and XGETBV with ECX 1 (7), EBX = as
/// subleaf 0's EBX; subleaf 2 EAX = 256, EBX = 576.
namespace ringer::x86 {

namespace component {
inline constexpr u64 x87 = 1, sse = 2, avx = 4;
}

namespace area {
inline constexpr unsigned header = 512, header_size = 64, avx = 576, size = 832;
}

enum class SaveForm : u8 {
    standard,  ///< XSAVE
    optimised, ///< XSAVEOPT: components in their initial state are not written.
    compacted, ///< XSAVEC
};

/// XMM8 and up exist in 64-bit mode only.
inline unsigned vector_registers(const Cpu& cpu) { return cpu.long64() ? 16 : 8; }

/// The area's size with the components that XCR0 enables.
inline unsigned extended_area_size(const Cpu& cpu) {
    return (cpu.state.xcr0 & component::avx) ? area::size : area::avx;
}

/// XINUSE: the components that are not in their initial state (Intel SDM Vol. 1, 13.6).
u64 components_in_use(const Cpu& cpu);

/// The x87 registers as FXSAVE and XSAVE save them: AMD's processors save the pointers and the opcode of the
/// last instruction only while an exception is pending, and zeros otherwise (AMD APM Vol. 2, 11.4.4).
X87State saved_x87(const Cpu& cpu);

void write_xmm_image(const Cpu& cpu, u8* image);
void read_xmm_image(Cpu& cpu, const u8* image);
/// #GP(0) when bits are set that do not exist.
Guest<u32> read_mxcsr_image(Cpu& cpu, const u8* image);

/// XSAVE, XSAVEOPT, XSAVEC of the components in `requested` that XCR0 enables, at `linear` (Intel SDM Vol.
/// 1, 13.7, 13.9, 13.10).
Guest<void> save_extended_state(Cpu& cpu, u64 linear, SegmentRegister segment, u64 requested, bool wide,
                                SaveForm form);

/// XRSTOR (Intel SDM Vol. 1, 13.8): nothing changes unless everything can be loaded.
Guest<void> restore_extended_state(Cpu& cpu, u64 linear, SegmentRegister segment, u64 requested, bool wide);

} // namespace ringer::x86
