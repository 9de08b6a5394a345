#include "exclusions.h"

#include <algorithm>

namespace ringer::oracle {

namespace {

constexpr u64 linux_system_call = 0x80;

struct Exclusion {
    ZydisMnemonic mnemonic;
    const char* reason;
};

constexpr const char* enters_kernel = "calls the host's kernel";
constexpr const char* emulated = "the host's kernel answers in the CPU's place (UMIP)";
constexpr const char* configured = "tells of the CPU's configuration, which the guest's CPUID sets";
constexpr const char* random = "gives a random number";
constexpr const char* clock = "reads a clock";
constexpr const char* hypercall = "calls the hypervisor that the host may run on";

constexpr Exclusion exclusions[] = {
    {ZYDIS_MNEMONIC_SYSCALL, enters_kernel},
    {ZYDIS_MNEMONIC_SYSENTER, enters_kernel},
    {ZYDIS_MNEMONIC_SGDT, emulated},
    {ZYDIS_MNEMONIC_SIDT, emulated},
    {ZYDIS_MNEMONIC_SLDT, emulated},
    {ZYDIS_MNEMONIC_SMSW, emulated},
    {ZYDIS_MNEMONIC_STR, emulated},
    {ZYDIS_MNEMONIC_CPUID, configured},
    {ZYDIS_MNEMONIC_XGETBV, configured},
    {ZYDIS_MNEMONIC_RDPID, configured},
    {ZYDIS_MNEMONIC_RDRAND, random},
    {ZYDIS_MNEMONIC_RDSEED, random},
    {ZYDIS_MNEMONIC_RDTSC, clock},
    {ZYDIS_MNEMONIC_RDTSCP, clock},
    {ZYDIS_MNEMONIC_RDPMC, clock},
    {ZYDIS_MNEMONIC_INT1, "a hypervisor below the host may deliver its #DB as a fault"},
    {ZYDIS_MNEMONIC_VMCALL, hypercall},
    {ZYDIS_MNEMONIC_VMMCALL, hypercall},
};

} // namespace

const char* reason_to_exclude(const DecodedInstruction& decoded) {
    const auto mnemonic = decoded.instruction.mnemonic;
    if (mnemonic == ZYDIS_MNEMONIC_INT && decoded.operands[0].imm.value.u == linux_system_call)
        return enters_kernel;
    const auto* const found = std::ranges::find(exclusions, mnemonic, &Exclusion::mnemonic);
    return found == std::end(exclusions) ? nullptr : found->reason;
}

} // namespace ringer::oracle
