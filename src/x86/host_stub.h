#pragma once

#include "base/types.h"
#include "x86/code_memory.h"

#include <Zydis/Zydis.h>

#include <array>
#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <unordered_map>

namespace ringer::x86 {

struct Decoded;

/// What a stub for a vector instruction works on. The stub gets its address in RDI and finds the memory
/// operand at its start.
struct alignas(64) VectorFrame {
    static constexpr unsigned operands = 4;

    std::array<u8, 64> memory;         ///< The memory operand, loaded before and stored after.
    std::array<u8*, operands> vector;  ///< Where the operands that are vector registers lie in the vCPU.
    std::array<u64, operands> general; ///< The operands that are general registers.
    u8* xmm0;                          ///< Where XMM0 lies, for the instructions that imply it.
    std::array<u64, 3> implied;        ///< RAX, RCX, RDX, for PCMPxSTRx.
    u16 status;                        ///< LAHF and SETO.
    u8 faulted;                        ///< An unmasked SIMD exception stopped the instruction.
};

/// What a stub for an x87 instruction works on.
struct alignas(64) X87Frame {
    std::array<u8, 512> image; ///< As FXSAVE64 lays it out.
    std::array<u8, 16> memory; ///< The memory operand.
    u16 status;                ///< LAHF and SETO, before (FCMOV) or after (FCOMI).
};

enum class OperandKind : u8 { other, vector, mmx, general, memory };

/// One form of a vector or x87 instruction as the host executes it: a small function around the instruction,
/// with its registers renamed and its memory operand moved into a frame, so that every use of the form in the
/// guest shares it.
///
/// Lives as long as its HostStubs.
struct HostStub {
    std::array<u8, ZYDIS_MAX_INSTRUCTION_LENGTH> bytes{}; ///< The renamed instruction.
    u8 length = 0;

    /// @name What the interpreter must do around it
    /// @{
    std::array<OperandKind, VectorFrame::operands> kind{};
    u8 written = 0;       ///< One bit for each operand that the instruction writes.
    u8 general_bytes = 0; ///< Size of the general register that is written.
    u8 memory_bytes = 0;  ///< 0: none.
    u8 alignment = 1;     ///< Of the memory operand, in bytes; #GP otherwise.
    bool memory_read = false;
    bool memory_written = false;
    bool uses_sse = false; ///< Legacy SSE: needs CR4.OSFXSR.
    bool uses_avx = false; ///< VEX: needs XCR0.
    bool uses_mmx = false; ///< Makes the x87 registers the MMX registers.
    bool uses_mxcsr = false;
    bool converts_halves = false; ///< Of whose memory operand Intel's CPUs check no alignment.
    bool implies_xmm0 = false;
    bool reads_lengths = false; ///< EAX and EDX, of PCMPESTRx.
    bool writes_index = false;  ///< ECX, of PCMPxSTRI.
    bool reads_status = false;  ///< FCMOV.
    bool writes_status = false;
    /// @}

    /// @name The generated code, made when it is first run
    /// @{
    mutable const u8* code = nullptr;
    mutable u32 generation = 0;
    /// @}
};

/// The stubs of one vCPU's instructions.
///
/// How many there can be is bounded by the instruction set, since registers and addresses are no part of a
/// stub: what is left is the form and its immediate byte. Their code shares memory of a fixed size; when that
/// is full, all code is dropped and made again as it is run. Stubs themselves stay.
class HostStubs {
  public:
    /// At least 4 KiB; a few MiB hold every stub that ordinary guests use.
    explicit HostStubs(CodeMemory memory);
    HostStubs(const HostStubs&) = delete;
    HostStubs& operator=(const HostStubs&) = delete;

    /// The stub for a vector instruction; nullptr when it has no form that the host could execute like this.
    const HostStub* vector_stub(const Decoded& decoded);

    /// The stub for an x87 instruction that computes: not one that saves, loads or controls.
    const HostStub* x87_stub(const Decoded& decoded);

    void run(const HostStub& stub, VectorFrame& frame) { run(stub, static_cast<void*>(&frame)); }
    void run(const HostStub& stub, X87Frame& frame) { run(stub, static_cast<void*>(&frame)); }

    /// Where all stubs execute. A SIGFPE in there is an unmasked SIMD exception of the guest's; the signal's
    /// handler makes the thread go on at fault_exit() with all other registers as they are.
    std::span<const u8> executable() const { return {memory_.executable, memory_.writable.size()}; }
    const u8* fault_exit() const { return memory_.executable; }

    /// How often the code's memory was full.
    u32 times_filled() const { return generation_ - 1; }

  private:
    void run(const HostStub& stub, void* frame) {
        if (stub.generation != generation_) [[unlikely]]
            generate(stub);
        reinterpret_cast<void (*)(void*)>(reinterpret_cast<std::uintptr_t>(stub.code))(frame);
    }
    void generate(const HostStub& stub);
    void drop_code();
    const HostStub* find_or_add(HostStub&& stub);

    CodeMemory memory_;
    std::size_t used_ = 0;
    u32 generation_ = 0;
    std::deque<HostStub> stubs_;
    std::unordered_map<std::string, const HostStub*> by_bytes_;
};

} // namespace ringer::x86
