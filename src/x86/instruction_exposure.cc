#include "x86/cpu_features.h"
#include "x86/cpuid.h"

#include <array>
#include <optional>

/// Which feature bit tells a program that it may use an instruction.
namespace ringer::x86 {

namespace {

/// Instructions that no guest asks for: the x86-64 baseline, and those in
/// the space of NOPs, which are NOPs where their extension is missing.
bool is_baseline(ZydisISASet set) {
    switch (set) {
    case ZYDIS_ISA_SET_I86:
    case ZYDIS_ISA_SET_I186:
    case ZYDIS_ISA_SET_I286REAL:
    case ZYDIS_ISA_SET_I286PROTECTED:
    case ZYDIS_ISA_SET_I386:
    case ZYDIS_ISA_SET_I486:
    case ZYDIS_ISA_SET_I486REAL:
    case ZYDIS_ISA_SET_PENTIUMREAL:
    case ZYDIS_ISA_SET_PENTIUMMMX:
    case ZYDIS_ISA_SET_PPRO:
    case ZYDIS_ISA_SET_FAT_NOP:
    case ZYDIS_ISA_SET_CMOV:
    case ZYDIS_ISA_SET_FCMOV:
    case ZYDIS_ISA_SET_X87:
    case ZYDIS_ISA_SET_FXSAVE:
    case ZYDIS_ISA_SET_FXSAVE64:
    case ZYDIS_ISA_SET_SSE:
    case ZYDIS_ISA_SET_SSEMXCSR:
    case ZYDIS_ISA_SET_SSE_PREFETCH:
    case ZYDIS_ISA_SET_SSE2:
    case ZYDIS_ISA_SET_SSE2MMX:
    case ZYDIS_ISA_SET_CLFSH:
    case ZYDIS_ISA_SET_LONGMODE:
    case ZYDIS_ISA_SET_PAUSE:
    case ZYDIS_ISA_SET_RDPMC:
    case ZYDIS_ISA_SET_PREFETCH_NOP:
    case ZYDIS_ISA_SET_PREFETCHWT1: return true;
    default: return false;
    }
}

std::optional<Feature> feature_of(ZydisISASet set) {
    switch (set) {
    case ZYDIS_ISA_SET_SSE3:
    case ZYDIS_ISA_SET_SSE3X87: return feature::sse3;
    case ZYDIS_ISA_SET_SSSE3:
    case ZYDIS_ISA_SET_SSSE3MMX: return feature::ssse3;
    case ZYDIS_ISA_SET_SSE4: return feature::sse4_1;
    case ZYDIS_ISA_SET_SSE42: return feature::sse4_2;
    case ZYDIS_ISA_SET_POPCNT: return feature::popcnt;
    case ZYDIS_ISA_SET_PCLMULQDQ: return feature::pclmulqdq;
    case ZYDIS_ISA_SET_AES: return feature::aes;
    case ZYDIS_ISA_SET_SHA: return feature::sha;
    case ZYDIS_ISA_SET_AVX: return feature::avx;
    case ZYDIS_ISA_SET_AVXAES: return feature::aes;
    case ZYDIS_ISA_SET_AVX2:
    case ZYDIS_ISA_SET_AVX2GATHER: return feature::avx2;
    case ZYDIS_ISA_SET_FMA: return feature::fma;
    case ZYDIS_ISA_SET_F16C: return feature::f16c;
    case ZYDIS_ISA_SET_BMI1: return feature::bmi1;
    case ZYDIS_ISA_SET_BMI2: return feature::bmi2;
    case ZYDIS_ISA_SET_LZCNT: return feature::lzcnt;
    case ZYDIS_ISA_SET_ADOX_ADCX: return feature::adx;
    case ZYDIS_ISA_SET_MOVBE: return feature::movbe;
    case ZYDIS_ISA_SET_CMPXCHG16B: return feature::cmpxchg16b;
    case ZYDIS_ISA_SET_LAHF: return feature::lahf;
    case ZYDIS_ISA_SET_RDTSCP: return feature::rdtscp;
    case ZYDIS_ISA_SET_RDPID: return feature::rdpid;
    case ZYDIS_ISA_SET_RDWRFSGS: return feature::fsgsbase;
    case ZYDIS_ISA_SET_INVPCID: return feature::invpcid;
    case ZYDIS_ISA_SET_SMAP: return feature::smap;
    case ZYDIS_ISA_SET_AMD: return feature::syscall; // SYSCALL and SYSRET outside of 64-bit mode.
    case ZYDIS_ISA_SET_CLFLUSHOPT: return feature::clflushopt;
    case ZYDIS_ISA_SET_CLWB: return feature::clwb;
    case ZYDIS_ISA_SET_XSAVE: return feature::xsave;
    case ZYDIS_ISA_SET_XSAVEOPT: return feature::xsaveopt;
    case ZYDIS_ISA_SET_XSAVEC: return feature::xsavec;
    default: return std::nullopt;
    }
}

bool told(const CpuModel& model, const Feature& feature) {
    const auto found = model.leaves.find({feature.leaf, feature.subleaf});
    if (found == model.leaves.end()) return false;
    const CpuidLeaf& leaf = found->second;
    const std::array<u32, 4> registers{leaf.eax, leaf.ebx, leaf.ecx, leaf.edx};
    return (registers[feature.where] >> feature.bit) & 1;
}

} // namespace

bool CpuModel::exposes(const ZydisDecodedInstruction& instruction) const {
    const ZydisISASet set = instruction.meta.isa_set;
    if (is_baseline(set)) return true;
    const std::optional<Feature> feature = feature_of(set);
    return feature && told(*this, *feature);
}

} // namespace ringer::x86
