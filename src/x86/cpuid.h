#pragma once

#include "base/types.h"
#include "memory/shadow_space.h"
#include "x86/code_memory.h"

#include <Zydis/Zydis.h>

#include <map>
#include <utility>

namespace ringer::x86 {

class HostStubs;
struct Cpu;

struct CpuidLeaf {
    u32 eax = 0, ebx = 0, ecx = 0, edx = 0;
};

/// The CPU that a guest sees: what CPUID says, and with it which instructions and registers exist. Built once
/// for a machine from what the host has and the engines implement; never promises more than both.
struct CpuModel {
    /// Static contents by (leaf, subleaf). What depends on the vCPU's state (OSXSAVE, the APIC's bits, XSAVE
    /// sizes) is filled in by cpuid().
    std::map<std::pair<u32, u32>, CpuidLeaf> leaves;
    u64 xcr0_supported = 3; ///< x87, SSE, and AVX where the host has it.
    u64 cr4_supported = 0;  ///< Bits of CR4 that may be set.
    u64 efer_supported = 0; ///< Bits of EFER that may be set.
    unsigned physical_bits = 40;
    bool is_amd = false; ///< The host's maker, where makers differ: near branches with 66, SYSCALL in
                         ///< compatibility mode.
    bool repe_cmpsb_reads_source_first = false; ///< Seen on a Zen 4, not on a Zen 3.

    /// What executes vector and x87 instructions; not owned. Without it they do not exist.
    HostStubs* stubs = nullptr;

    /// Where an engine that makes code puts it.
    CodeMemory translations{};

    /// Where it may map guest RAM for that code; not owned. nullptr: nowhere.
    memory::ShadowSpace* shadow_space = nullptr;

    /// Whether the guest was told of the extension that `instruction` belongs to; if not it raises #UD.
    bool exposes(const ZydisDecodedInstruction& instruction) const;
};

/// An x86-64-v3 CPU as far as the host reaches that.
CpuModel host_model();

/// CPUID's answer in the vCPU's present state (Intel SDM Vol. 2A, CPUID; AMD APM Vol. 3, appendix E).
CpuidLeaf cpuid(const Cpu& cpu, u32 leaf, u32 subleaf);

} // namespace ringer::x86
