#pragma once

#include "x86/cpuid.h"

/// The CPUs that guests of the fuzz targets are shown.
namespace ringer::fuzz {

enum class Maker : u8 { host, intel, amd, plain }; ///< Plain: no extension beyond the x86-64 baseline.
inline constexpr unsigned makers = 4;

inline x86::CpuModel model_of(Maker maker) {
    x86::CpuModel model = x86::host_model();
    if (maker == Maker::intel) model.is_amd = false;
    if (maker == Maker::amd) model.is_amd = true;
    if (maker == Maker::plain) {
        model.leaves.erase({7, 0});
        model.leaves[{1, 0}].ecx = 0;
        model.xcr0_supported = 3;
    }
    return model;
}

} // namespace ringer::fuzz
