#include "x86/cpuid.h"

#include "base/bits.h"
#include "x86/cpu.h"
#include "x86/cpu_features.h"

#include <bit>
#include <span>

#include <cpuid.h>

namespace ringer::x86 {

namespace {

using Leaves = std::map<std::pair<u32, u32>, CpuidLeaf>;

/// Features that live in Ringer itself, whatever the host is.
constexpr std::array own_features{feature::cmpxchg16b,
                                  feature::pcid,
                                  feature::x2apic,
                                  feature::tsc_deadline,
                                  feature::hypervisor,
                                  feature::fpu,
                                  feature::vme,
                                  feature::de,
                                  feature::pse,
                                  feature::tsc,
                                  feature::msr,
                                  feature::pae,
                                  feature::mce,
                                  feature::cx8,
                                  feature::apic,
                                  feature::sep,
                                  feature::mtrr,
                                  feature::pge,
                                  feature::mca,
                                  feature::cmov,
                                  feature::pat,
                                  feature::pse36,
                                  feature::clfsh,
                                  feature::mmx,
                                  feature::fxsr,
                                  feature::sse,
                                  feature::sse2,
                                  feature::always_running_apic_timer,
                                  feature::fsgsbase,
                                  feature::tsc_adjust,
                                  feature::smep,
                                  feature::invpcid,
                                  feature::smap,
                                  feature::clflushopt,
                                  feature::clwb,
                                  feature::umip,
                                  feature::rdpid,
                                  feature::lahf,
                                  feature::prefetchw,
                                  feature::syscall,
                                  feature::nx,
                                  feature::gigabyte_pages,
                                  feature::rdtscp,
                                  feature::long_mode,
                                  feature::invariant_tsc,
                                  feature::no_fpu_selectors};

/// Features that need the host's own: its instructions execute the guest's, or compute for them, and are as
/// fast as they are.
constexpr std::array host_features{
    feature::sse3,   feature::pclmulqdq, feature::ssse3,        feature::fma,
    feature::sse4_1, feature::sse4_2,    feature::movbe,        feature::popcnt,
    feature::aes,    feature::xsave,     feature::avx,          feature::f16c,
    feature::bmi1,   feature::avx2,      feature::bmi2,         feature::adx,
    feature::sha,    feature::lzcnt,     feature::xsaveopt,     feature::xsavec,
    feature::erms,   feature::fsrm,      feature::xgetbv_ecx_1, feature::fdp_excptn_only};

/// @name What only one maker's CPUs tell
/// That a flaw in speculation is absent can be told truly: no engine lets the host's CPU speculate with the
/// guest's privilege levels, page tables or returns. Guests then leave out counter-measures that would cost
/// them dearly.
/// @{
constexpr std::array amd_features{feature::mmx_extensions,   feature::lfence_serializes,
                                  feature::null_clears_base, feature::srso_no,
                                  feature::tsa_sq_no,        feature::tsa_l1_no};
constexpr std::array intel_features{feature::arch_capabilities};
/// @}

constexpr u64 avx_state = 4;
constexpr u32 extended_save_area = 512 + 64; ///< Legacy region and XSAVE header.
constexpr u32 avx_area = 256;
constexpr u32 kilohertz_of_nanoseconds = 1'000'000;

u32& register_of(CpuidLeaf& leaf, Feature::Register which) {
    switch (which) {
    case Feature::eax: return leaf.eax;
    case Feature::ebx: return leaf.ebx;
    case Feature::ecx: return leaf.ecx;
    default: return leaf.edx;
    }
}

CpuidLeaf host_leaf(u32 leaf, u32 subleaf = 0) {
    CpuidLeaf answer;
    const u32 range = leaf & 0x8000'0000;
    if (__get_cpuid_max(range, nullptr) >= leaf)
        __cpuid_count(leaf, subleaf, answer.eax, answer.ebx, answer.ecx, answer.edx);
    return answer;
}

bool host_has(const Feature& feature) {
    CpuidLeaf leaf = host_leaf(feature.leaf, feature.subleaf);
    return bit(register_of(leaf, feature.where), feature.bit);
}

/// Whether the host's kernel has switched on the AVX state, so that its instructions can be used.
bool host_saves_avx() {
    if (!host_has(feature::osxsave)) return false;
    u32 low, high;
    asm("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & 6) == 6;
}

void set(Leaves& leaves, const Feature& feature) {
    register_of(leaves[{feature.leaf, feature.subleaf}], feature.where) |= u32{1} << feature.bit;
}

void clear(Leaves& leaves, const Feature& feature) {
    register_of(leaves[{feature.leaf, feature.subleaf}], feature.where) &= ~(u32{1} << feature.bit);
}

bool has(const Leaves& leaves, const Feature& feature) {
    const auto found = leaves.find({feature.leaf, feature.subleaf});
    if (found == leaves.end()) return false;
    CpuidLeaf leaf = found->second;
    return bit(register_of(leaf, feature.where), feature.bit);
}

void set_features(Leaves& leaves, bool is_amd) {
    for (const Feature& feature : own_features) set(leaves, feature);
    for (const Feature& feature : host_features) {
        if (host_has(feature)) set(leaves, feature);
    }
    for (const Feature& feature : is_amd ? std::span<const Feature>(amd_features) : intel_features)
        set(leaves, feature);
    if (!host_saves_avx()) {
        for (const Feature& feature : {feature::avx, feature::avx2, feature::fma, feature::f16c})
            clear(leaves, feature);
    }
    if (!has(leaves, feature::xsave)) {
        for (const Feature& feature : {feature::avx, feature::avx2, feature::fma, feature::f16c,
                                       feature::xsaveopt, feature::xsavec, feature::xgetbv_ecx_1})
            clear(leaves, feature);
    }
}

/// Who made it, which model, and the brand: the host's.
void set_identity(Leaves& leaves, bool is_amd) {
    const CpuidLeaf host = host_leaf(0);
    leaves[{0, 0}] = {.eax = is_amd ? 0xdu : 0x16u, .ebx = host.ebx, .ecx = host.ecx, .edx = host.edx};
    constexpr u32 cache_line_in_quadwords = 8;
    leaves[{1, 0}].eax = host_leaf(1).eax;
    leaves[{1, 0}].ebx = cache_line_in_quadwords << 8 | 1 << 16;
    leaves[{0x8000'0000, 0}] = {.eax = is_amd ? 0x8000'0021 : 0x8000'0008};
    if (is_amd) {
        leaves[{0x8000'0000, 0}].ebx = host.ebx;
        leaves[{0x8000'0000, 0}].ecx = host.ecx;
        leaves[{0x8000'0000, 0}].edx = host.edx;
        leaves[{0x8000'0001, 0}].eax = host_leaf(1).eax;
    }
    for (u32 leaf = 0x8000'0002; leaf <= 0x8000'0004; ++leaf) leaves[{leaf, 0}] = host_leaf(leaf);
}

/// The host's caches, as belonging to one CPU.
void set_caches(Leaves& leaves, bool is_amd) {
    leaves[{0x8000'0006, 0}] = host_leaf(0x8000'0006);
    if (is_amd) {
        leaves[{0x8000'0005, 0}] = host_leaf(0x8000'0005);
        return;
    }
    leaves[{2, 0}] = host_leaf(2);
    for (u32 subleaf = 0;; ++subleaf) {
        CpuidLeaf cache = host_leaf(4, subleaf);
        const bool is_last = (cache.eax & 0x1f) == 0;
        cache.eax &= 0x3fff; // Neither threads nor cores share it.
        leaves[{4, subleaf}] = cache;
        if (is_last || subleaf == 7) break;
    }
}

void set_extended_state(Leaves& leaves, u64 xcr0_supported) {
    if (!has(leaves, feature::xsave)) return;
    const bool with_avx = xcr0_supported & avx_state;
    CpuidLeaf& main = leaves[{0xd, 0}];
    main.eax = static_cast<u32>(xcr0_supported);
    main.ecx = extended_save_area + (with_avx ? avx_area : 0);
    if (with_avx) leaves[{0xd, 2}] = {.eax = avx_area, .ebx = extended_save_area};
}

void set_clocks(Leaves& leaves, bool is_amd) {
    if (!is_amd) {
        constexpr u32 crystal_hertz = 1'000'000'000;
        leaves[{0x15, 0}] = {.eax = 1, .ebx = 1, .ecx = crystal_hertz};
        leaves[{0x16, 0}] = {.eax = 1000, .ebx = 1000, .ecx = 100};
    }
    // The timing leaf that VMware introduced: TSC and APIC timer in kHz.
    leaves[{0x4000'0010, 0}] = {.eax = kilohertz_of_nanoseconds, .ebx = kilohertz_of_nanoseconds};
}

void set_hypervisor(Leaves& leaves) {
    constexpr std::array<char, 12> signature{'R', 'i', 'n', 'g', 'e', 'r', 'R', 'i', 'n', 'g', 'e', 'r'};
    const auto words = std::bit_cast<std::array<u32, 3>>(signature);
    leaves[{0x4000'0000, 0}] = {.eax = 0x4000'0010, .ebx = words[0], .ecx = words[1], .edx = words[2]};
}

u64 supported_cr4(const Leaves& leaves) {
    u64 bits = cr4::vme | cr4::pvi | cr4::tsd | cr4::de | cr4::pse | cr4::pae | cr4::mce | cr4::pge |
               cr4::pce | cr4::osfxsr | cr4::osxmmexcpt | cr4::umip | cr4::fsgsbase | cr4::pcide | cr4::smep |
               cr4::smap;
    if (has(leaves, feature::xsave)) bits |= cr4::osxsave;
    return bits;
}

/// Whether an AMD CPU is of Zen 4 or later, by leaf 1's EAX. Zen 3's, in the same family, have the models
/// below 16, and 32 to 95.
bool is_zen4_or_later(u32 signature) {
    constexpr u32 shared_family = 25;
    const u32 family = (signature >> 8 & 0xf) + (signature >> 20 & 0xff);
    const u32 model = (signature >> 4 & 0xf) | (signature >> 12 & 0xf0);
    return family > shared_family || (family == shared_family && model >= 16 && (model < 32 || model >= 96));
}

} // namespace

CpuModel host_model() {
    CpuModel model;
    constexpr u32 amd_signature = 0x6874'7541, hygon_signature = 0x6f67'7948; // "Auth", "Hygo"
    const u32 maker = host_leaf(0).ebx;
    model.is_amd = maker == amd_signature || maker == hygon_signature;
    model.repe_cmpsb_reads_source_first = model.is_amd && is_zen4_or_later(host_leaf(1).eax);
    set_identity(model.leaves, model.is_amd);
    set_features(model.leaves, model.is_amd);
    set_caches(model.leaves, model.is_amd);
    model.xcr0_supported = has(model.leaves, feature::avx) ? 7 : 3;
    set_extended_state(model.leaves, model.xcr0_supported);
    set_clocks(model.leaves, model.is_amd);
    set_hypervisor(model.leaves);
    constexpr u32 linear_bits = 48;
    model.leaves[{0x8000'0008, 0}].eax = linear_bits << 8 | model.physical_bits;
    if (model.is_amd) // AMD repeats most of leaf 1 there.
        model.leaves[{0x8000'0001, 0}].edx |= model.leaves[{1, 0}].edx & 0x0183'f3ff;
    model.cr4_supported = supported_cr4(model.leaves);
    model.efer_supported = efer::sce | efer::lme | efer::nxe;
    return model;
}

namespace {

/// XSAVE's area for the components in XCR0; without gaps this is also XSAVEC's.
u32 save_area_size(const CpuState& state) {
    return extended_save_area + (state.xcr0 & avx_state ? avx_area : 0);
}

/// One CPU with one thread.
CpuidLeaf topology(const Cpu& cpu, u32 subleaf) {
    constexpr std::array<u32, 2> level_types{1, 2}; // SMT, core.
    CpuidLeaf leaf{.ecx = subleaf & 0xff, .edx = cpu.surroundings.interrupts().id()};
    if (subleaf < level_types.size()) {
        leaf.ebx = 1;
        leaf.ecx |= level_types[subleaf] << 8;
    }
    return leaf;
}

/// The leaf that answers for a number beyond those that exist: Intel repeats the highest basic one, AMD gives
/// zeros.
std::optional<u32> existing_leaf(const CpuModel& model, u32 leaf) {
    const u32 range = leaf & 0xf000'0000;
    const auto top = model.leaves.find({range, 0});
    if (top != model.leaves.end() && leaf <= top->second.eax) return leaf;
    if (model.is_amd) return std::nullopt;
    return model.leaves.at({0, 0}).eax;
}

bool has_subleaves(u32 leaf) { return leaf == 4 || leaf == 7 || leaf == 0xb || leaf == 0xd; }

} // namespace

CpuidLeaf cpuid(const Cpu& cpu, u32 requested, u32 subleaf) {
    const std::optional<u32> leaf = existing_leaf(cpu.model, requested);
    if (!leaf) return {};
    if (*leaf == 0xb) return topology(cpu, subleaf);
    const auto found = cpu.model.leaves.find({*leaf, has_subleaves(*leaf) ? subleaf : 0});
    if (found == cpu.model.leaves.end()) return {};
    CpuidLeaf answer = found->second;
    const CpuState& state = cpu.state;
    const InterruptController& apic = cpu.surroundings.interrupts();
    if (*leaf == 1) {
        answer.ebx |= apic.id() << 24;
        answer.ecx = with_bit(answer.ecx, feature::osxsave.bit, state.cr4 & cr4::osxsave);
    }
    if ((*leaf == 1 || (*leaf == 0x8000'0001 && cpu.model.is_amd)) && !apic.enabled())
        answer.edx = with_bit(answer.edx, feature::apic.bit, false);
    if (*leaf == 0xd && subleaf <= 1) answer.ebx = save_area_size(state);
    if (*leaf == 0x8000'0001 && !cpu.model.is_amd && !cpu.long64())
        answer.edx = with_bit(answer.edx, feature::syscall.bit, false);
    return answer;
}

} // namespace ringer::x86
