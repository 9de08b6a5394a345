#include "comparison.h"

#include "base/bits.h"
#include "layout.h"
#include "x86/segmentation.h"
#include "x86/x87_state.h"

#include <algorithm>
#include <cstring>
#include <ranges>

#include <fmt/format.h>

namespace ringer::oracle {

namespace {

constexpr const char* register_names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                          "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
constexpr const char* segment_names[] = {"es", "cs", "ss", "ds", "fs", "gs"};
constexpr u64 page_fault = 14;
constexpr u64 page_present = 1;
constexpr u32 misaligned_mode = 1 << 17; ///< In MXCSR.

std::string hexadecimal(std::span<const u8> bytes) {
    std::string text;
    for (const u8 byte : bytes | std::views::reverse) text += fmt::format("{:02x}", byte);
    return text;
}

class Comparison {
  public:
    Comparison(const Trial& trial, const Ending& native, const Ending& engine)
        : trial_(trial), native_(native), engine_(engine), real_(native.outcome.state),
          ours_(engine.outcome.state) {}

    std::vector<Difference> run() {
        const Outcome& native = native_.outcome;
        const Outcome& engine = engine_.outcome;
        if (linux_retries_for_ever()) return {};
        number("end", static_cast<u64>(native.end), static_cast<u64>(engine.end));
        if (native.end != Outcome::End::exception || engine.end != Outcome::End::exception)
            return std::move(found_);
        // Misaligned SSE mode, which no guest is told of.
        if (real_.vector.mxcsr & misaligned_mode) return {};
        exception();
        general();
        segments();
        x87();
        vectors();
        memory();
        return std::move(found_);
    }

  private:
    /// Linux takes a page fault of compatibility mode above 4 GiB for an erratum of AMD's K8, and has the
    /// instruction run again. A far call to 64-bit code, which pushes with 64 bits there, can fault so.
    bool linux_retries_for_ever() const {
        return native_.outcome.end == Outcome::End::endless &&
               real_.segments[x86::cs].selector != code64_selector;
    }

    void number(std::string field, u64 native, u64 engine) {
        if (native != engine)
            found_.push_back({std::move(field), fmt::format("{:#x}", native), fmt::format("{:#x}", engine)});
    }

    void bytes(std::string field, std::span<const u8> native, std::span<const u8> engine) {
        if (std::memcmp(native.data(), engine.data(), native.size()) != 0)
            found_.push_back({std::move(field), hexadecimal(native), hexadecimal(engine)});
    }

    void exception() {
        const Outcome& native = native_.outcome;
        const Outcome& engine = engine_.outcome;
        if (native.vector != engine.vector) {
            found_.push_back({"vector", told(native), told(engine)});
            return;
        }
        number("rip", real_.rip, ours_.rip);
        u64 unknown = 0;
        if (native.vector == page_fault) {
            number("cr2", real_.cr2, ours_.cr2);
            // Linux does not tell a process which of the kernel's pages are mapped.
            if (layout::is_kernel(real_.cr2)) unknown = page_present;
        }
        const bool has_code = native.vector == 8 || (native.vector >= 10 && native.vector <= 14);
        if (has_code) number("error_code", native.error_code & ~unknown, engine.error_code & ~unknown);
    }

    static std::string told(const Outcome& outcome) {
        std::string text = fmt::format("{}", outcome.vector);
        if (outcome.vector >= 10 && outcome.vector <= 14) text += fmt::format("({:#x})", outcome.error_code);
        if (outcome.vector == page_fault) text += fmt::format(" of {:#x}", outcome.state.cr2);
        return text + fmt::format(" at {:#x}", outcome.state.rip);
    }

    void general() {
        // Between 64-bit and compatibility mode the upper halves are undefined (Intel SDM Vol. 1, 3.4.1.1).
        const bool is_64_bit = trial_.code_size == CodeSize::bits64;
        const u64 mask = is_64_bit ? ~u64{0} : 0xffff'ffff;
        const bool ends_in_64_bit = real_.segments[x86::cs].selector == code64_selector;
        for (unsigned i = 0; i < (is_64_bit ? 16 : 8); ++i) {
            const u64 visible = i == x86::rsp && !ends_in_64_bit ? 0xffff'ffff : mask;
            number(register_names[i], real_.gpr[i] & visible, ours_.gpr[i] & visible);
        }
        // RF of a pushed image: a hypervisor below the host may deliver its exceptions by other means.
        number("rflags", real_.rflags & ~x86::flag::rf, ours_.rflags & ~x86::flag::rf);
    }

    void segments() {
        for (unsigned i = 0; i < 6; ++i) number(segment_names[i], selector(real_, i), selector(ours_, i));
        number("fs.base", real_.segments[x86::fs].base, ours_.segments[x86::fs].base);
        number("gs.base", real_.segments[x86::gs].base, ours_.segments[x86::gs].base);
    }

    /// The kernel's IRET makes every null selector but that of SS zero (Intel SDM Vol. 2A, IRET).
    static u64 selector(const x86::CpuState& state, unsigned segment) {
        const u16 value = state.segments[segment].selector;
        return segment != x86::ss && x86::is_null(value) ? 0 : value;
    }

    /// How many bits of a pointer that is not canonical the x87 unit keeps differs between CPUs.
    static u64 canonical57(u64 pointer) { return static_cast<u64>(static_cast<i64>(pointer << 7) >> 7); }

    void x87() {
        const x86::X87State& real = real_.x87;
        const x86::X87State& ours = ours_.x87;
        number("fcw", real.control, ours.control);
        number("fsw", real.status, ours.status);
        number("ftw", real.valid, ours.valid);
        for (unsigned i = 0; i < 8; ++i)
            bytes(fmt::format("st{}", i), std::span(real.st[i]).first(10), std::span(ours.st[i]).first(10));
        // An AMD CPU shows a signal frame the pointers only while an exception is pending.
        if (!(real.status & x86::x87_status::summary)) return;
        number("fop", real.opcode, ours.opcode);
        number("fip", canonical57(real.instruction_pointer), canonical57(ours.instruction_pointer));
        number("fdp", canonical57(real.data_pointer), canonical57(ours.data_pointer));
    }

    void vectors() {
        number("mxcsr", real_.vector.mxcsr, ours_.vector.mxcsr);
        if (std::memcmp(&real_.vector.ymm, &ours_.vector.ymm, sizeof(real_.vector.ymm)) == 0) return;
        for (unsigned i = 0; i < 16; ++i)
            bytes(fmt::format("ymm{}", i), real_.vector.ymm[i], ours_.vector.ymm[i]);
    }

    void memory() {
        if (std::memcmp(native_.memory.data(), engine_.memory.data(), layout::size) == 0) return;
        for (u64 offset = 0; offset < layout::size; offset += 8) {
            u64 difference = element(native_.memory, offset) ^ element(engine_.memory, offset);
            // MXCSR_MASK in a save area has bit 17 on the CPU: misaligned SSE mode, which no guest is told
            // of.
            if (saves_mxcsr_mask_) difference &= ~(u64{misaligned_mode} << 32);
            if (difference) return memory_at(offset);
        }
    }

    static u64 element(std::span<const u8> memory, u64 offset) {
        u64 value;
        std::memcpy(&value, memory.data() + offset, sizeof(value));
        return value;
    }

    void memory_at(u64 offset) {
        const u64 linear = layout::pages[offset / layout::page_size].linear + offset % layout::page_size;
        bytes(fmt::format("memory at {:#x}", linear), native_.memory.subspan(offset, 8),
              engine_.memory.subspan(offset, 8));
    }

    static bool saves_mxcsr_mask(const Trial& trial) {
        const auto decoded = decode_bytes(trial.bytes, trial.code_size, false);
        if (!decoded) return false;
        const std::string_view name = ZydisMnemonicGetString(decoded->instruction.mnemonic);
        return name.starts_with("fxsave") || name.starts_with("xsave");
    }

    const Trial& trial_;
    const bool saves_mxcsr_mask_ = saves_mxcsr_mask(trial_);
    const Ending &native_, &engine_;
    const x86::CpuState &real_, &ours_;
    std::vector<Difference> found_;
};

} // namespace

std::vector<Difference> compare(const Trial& trial, const Ending& native, const Ending& engine) {
    return Comparison(trial, native, engine).run();
}

} // namespace ringer::oracle
