#pragma once

#include "base/types.h"

namespace ringer::x86 {

/// A feature's bit in CPUID: leaf, subleaf, register and bit number.
struct Feature {
    enum Register : u8 { eax, ebx, ecx, edx };

    u32 leaf;
    u32 subleaf;
    Register where;
    u8 bit;
};

/// @name CPUID's feature bits by the manual's names (Intel SDM Vol. 2A, CPUID; AMD APM Vol. 3, appendix E)
/// @{
namespace feature {
inline constexpr Feature sse3{1, 0, Feature::ecx, 0}, pclmulqdq{1, 0, Feature::ecx, 1},
    ssse3{1, 0, Feature::ecx, 9};
inline constexpr Feature fma{1, 0, Feature::ecx, 12}, cmpxchg16b{1, 0, Feature::ecx, 13},
    pcid{1, 0, Feature::ecx, 17};
inline constexpr Feature sse4_1{1, 0, Feature::ecx, 19}, sse4_2{1, 0, Feature::ecx, 20};
inline constexpr Feature x2apic{1, 0, Feature::ecx, 21}, movbe{1, 0, Feature::ecx, 22};
inline constexpr Feature popcnt{1, 0, Feature::ecx, 23}, tsc_deadline{1, 0, Feature::ecx, 24};
inline constexpr Feature aes{1, 0, Feature::ecx, 25}, xsave{1, 0, Feature::ecx, 26},
    osxsave{1, 0, Feature::ecx, 27};
inline constexpr Feature avx{1, 0, Feature::ecx, 28}, f16c{1, 0, Feature::ecx, 29};
inline constexpr Feature hypervisor{1, 0, Feature::ecx, 31};

inline constexpr Feature fpu{1, 0, Feature::edx, 0}, vme{1, 0, Feature::edx, 1}, de{1, 0, Feature::edx, 2};
inline constexpr Feature pse{1, 0, Feature::edx, 3}, tsc{1, 0, Feature::edx, 4}, msr{1, 0, Feature::edx, 5};
inline constexpr Feature pae{1, 0, Feature::edx, 6}, mce{1, 0, Feature::edx, 7}, cx8{1, 0, Feature::edx, 8};
inline constexpr Feature apic{1, 0, Feature::edx, 9}, sep{1, 0, Feature::edx, 11},
    mtrr{1, 0, Feature::edx, 12};
inline constexpr Feature pge{1, 0, Feature::edx, 13}, mca{1, 0, Feature::edx, 14},
    cmov{1, 0, Feature::edx, 15};
inline constexpr Feature pat{1, 0, Feature::edx, 16}, pse36{1, 0, Feature::edx, 17},
    clfsh{1, 0, Feature::edx, 19};
inline constexpr Feature mmx{1, 0, Feature::edx, 23}, fxsr{1, 0, Feature::edx, 24},
    sse{1, 0, Feature::edx, 25};
inline constexpr Feature sse2{1, 0, Feature::edx, 26};

inline constexpr Feature always_running_apic_timer{6, 0, Feature::eax, 2};

inline constexpr Feature fsgsbase{7, 0, Feature::ebx, 0}, tsc_adjust{7, 0, Feature::ebx, 1};
inline constexpr Feature bmi1{7, 0, Feature::ebx, 3}, avx2{7, 0, Feature::ebx, 5};
inline constexpr Feature fdp_excptn_only{7, 0, Feature::ebx, 6}, smep{7, 0, Feature::ebx, 7};
inline constexpr Feature bmi2{7, 0, Feature::ebx, 8}, erms{7, 0, Feature::ebx, 9},
    invpcid{7, 0, Feature::ebx, 10};
inline constexpr Feature no_fpu_selectors{7, 0, Feature::ebx, 13}, adx{7, 0, Feature::ebx, 19};
inline constexpr Feature smap{7, 0, Feature::ebx, 20}, clflushopt{7, 0, Feature::ebx, 23};
inline constexpr Feature clwb{7, 0, Feature::ebx, 24}, sha{7, 0, Feature::ebx, 29};
inline constexpr Feature umip{7, 0, Feature::ecx, 2}, rdpid{7, 0, Feature::ecx, 22};
inline constexpr Feature fsrm{7, 0, Feature::edx, 4}, arch_capabilities{7, 0, Feature::edx, 29};

inline constexpr Feature xsaveopt{0xd, 1, Feature::eax, 0}, xsavec{0xd, 1, Feature::eax, 1};
inline constexpr Feature xgetbv_ecx_1{0xd, 1, Feature::eax, 2};

inline constexpr Feature lahf{0x8000'0001, 0, Feature::ecx, 0}, lzcnt{0x8000'0001, 0, Feature::ecx, 5};
inline constexpr Feature prefetchw{0x8000'0001, 0, Feature::ecx, 8};
inline constexpr Feature syscall{0x8000'0001, 0, Feature::edx, 11}, nx{0x8000'0001, 0, Feature::edx, 20};
inline constexpr Feature mmx_extensions{0x8000'0001, 0, Feature::edx, 22}; ///< AMD
inline constexpr Feature gigabyte_pages{0x8000'0001, 0, Feature::edx, 26},
    rdtscp{0x8000'0001, 0, Feature::edx, 27};
inline constexpr Feature long_mode{0x8000'0001, 0, Feature::edx, 29};
inline constexpr Feature invariant_tsc{0x8000'0007, 0, Feature::edx, 8};
inline constexpr Feature lfence_serializes{0x8000'0021, 0, Feature::eax, 2}; ///< AMD
inline constexpr Feature null_clears_base{0x8000'0021, 0, Feature::eax, 6};  ///< AMD
inline constexpr Feature srso_no{0x8000'0021, 0, Feature::eax, 29};          ///< AMD
inline constexpr Feature tsa_sq_no{0x8000'0021, 0, Feature::ecx, 1};         ///< AMD
inline constexpr Feature tsa_l1_no{0x8000'0021, 0, Feature::ecx, 2};         ///< AMD
} // namespace feature
/// @}

} // namespace ringer::x86
