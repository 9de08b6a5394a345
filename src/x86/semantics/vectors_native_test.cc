#include "x86/legacy_image.h"
#include "x86/testing/native.h"
#include "x86/testing/test_machine.h"
#include "x86/x87_state.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

/// Vector and x87 instructions in the guest against the same instructions on the real CPU, bit by bit.
namespace ringer::x86 {
namespace {

using testing::Native;
using testing::NativeState;
using testing::TestMachine;
using Bytes = std::vector<u8>;

constexpr u64 operand_at = TestMachine::data_base + 0x400;
constexpr unsigned operand_bytes = 64;

class Difference {
  public:
    Difference() { machine_.cpu.state.gpr[rsi] = operand_at; }

    /// Whether the guest has the instruction, and it is one for this test. Cuts off what is behind it.
    bool covers(Bytes& bytes) {
        ZydisDecoder decoder;
        ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
        std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
        if (!ZYAN_SUCCESS(
                ZydisDecoderDecodeFull(&decoder, bytes.data(), bytes.size(), &decoded_, operands.data())))
            return false;
        bytes.resize(decoded_.length);
        if (!machine_.model.exposes(decoded_) || decoded_.encoding == ZYDIS_INSTRUCTION_ENCODING_EVEX)
            return false;
        if (decoded_.meta.isa_ext == ZYDIS_ISA_EXT_X87) return !saves_pointers(decoded_.mnemonic);
        bool names_vector = false;
        for (unsigned i = 0; i < decoded_.operand_count_visible; ++i) {
            if (operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY && !is_rsi(operands[i].mem)) return false;
            if (operands[i].type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
            if (is_reserved(operands[i].reg.value)) return false;
            const ZydisRegisterClass file = ZydisRegisterGetClass(operands[i].reg.value);
            names_vector |=
                file == ZYDIS_REGCLASS_XMM || file == ZYDIS_REGCLASS_YMM || file == ZYDIS_REGCLASS_MMX;
        }
        return names_vector;
    }

    std::string_view name() const { return ZydisMnemonicGetString(decoded_.mnemonic); }

    /// Runs `bytes` on both sides from the same random state; the first difference, or nothing.
    std::string compare(const Bytes& bytes) {
        randomise();
        const NativeState before = native_state_;
        const int signal = native_.run(bytes, native_state_);
        const CpuState guest_before = machine_.cpu.state;
        const Flow flow = machine_.step(bytes);
        if (signal != 0) {
            native_state_ = before;
            return flow == Flow::exception && machine_.cpu.exception.vector == vector_of(signal)
                       ? ""
                       : fmt::format("signal {}, guest's flow {}", signal, int(flow));
        }
        if (flow == Flow::exception) return fmt::format("exception {}", int(machine_.cpu.exception.vector));
        if (machine_.cpu.state.rip != guest_before.rip + decoded_.length) return "RIP";
        return first_difference();
    }

  private:
    /// What they store tells where the code lies.
    static bool saves_pointers(ZydisMnemonic mnemonic) {
        return mnemonic == ZYDIS_MNEMONIC_FNSTENV || mnemonic == ZYDIS_MNEMONIC_FNSAVE ||
               mnemonic == ZYDIS_MNEMONIC_FLDENV || mnemonic == ZYDIS_MNEMONIC_FRSTOR;
    }

    static bool is_rsi(const ZydisDecodedOperandMem& memory) {
        return memory.base == ZYDIS_REGISTER_RSI && memory.index == ZYDIS_REGISTER_NONE;
    }

    /// NativeState keeps RSP, RSI, RDI, R14 and R15 to itself.
    static bool is_reserved(ZydisRegister value) {
        const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, value);
        return whole == ZYDIS_REGISTER_RSP || whole == ZYDIS_REGISTER_RSI || whole == ZYDIS_REGISTER_RDI ||
               whole == ZYDIS_REGISTER_R14 || whole == ZYDIS_REGISTER_R15;
    }

    static Vector vector_of(int signal) {
        return signal == SIGFPE   ? Vector::x87_error
               : signal == SIGILL ? Vector::invalid_opcode
                                  : Vector::general_protection;
    }

    u64 number() { return random_(); }

    /// Random bits, but often numbers that floating point and comparisons care about.
    u64 interesting() {
        static constexpr u64 doubles[] = {0,
                                          0x8000'0000'0000'0000,
                                          0x3ff0'0000'0000'0000,
                                          0x7ff0'0000'0000'0000,
                                          0xfff8'0000'0000'0001,
                                          0x7ff0'0000'0000'0001,
                                          0x000f'ffff'ffff'ffff,
                                          0x4008'0000'0000'0000,
                                          0x7f80'0000'3f80'0000,
                                          0x0000'0001'bf80'0000,
                                          0x7fc0'0001'4040'0000,
                                          ~u64{0}};
        switch (number() % 4) {
        case 0: return doubles[number() % std::size(doubles)];
        case 1: return (number() & 0x800f'ffff'ffff'ffff) | (0x3f0 + number() % 32) << 52;
        case 2: return (number() & 0x807f'ffff'807f'ffff) | (0x3c80'0000'3c80'0000 + (number() % 8 << 23));
        default: return number();
        }
    }

    template <std::size_t size>
    void fill(std::array<u8, size>& bytes) {
        for (std::size_t i = 0; i + 8 <= size; i += 8) {
            const u64 value = interesting();
            std::memcpy(bytes.data() + i, &value, 8);
        }
    }

    X87State random_x87() {
        X87State x87;
        // Exceptions are unmasked now and then, but none is pending: flags stand for masked ones only.
        x87.control =
            static_cast<u16>((number() & 0xf00) | 0x40 | (number() % 4 == 0 ? number() & 0x3f : 0x3f));
        x87.status = static_cast<u16>((number() & 0x7f00) | (number() & x87.control & 0x3f));
        x87.valid = number() % 4 == 0 ? static_cast<u8>(number()) : 0xff;
        for (auto& value : x87.st) {
            const u64 significand = number() % 8 == 0 ? number() : number() | u64{1} << 63;
            const u16 exponent = number() % 6 == 0   ? static_cast<u16>(number())
                                 : number() % 6 == 0 ? u16{0x7fff}
                                                     : static_cast<u16>(0x3ff0 + number() % 32);
            std::memcpy(value.data(), &significand, 8);
            std::memcpy(value.data() + 8, &exponent, 2);
        }
        return x87;
    }

    void randomise() {
        CpuState& guest = machine_.cpu.state;
        guest.rip = TestMachine::code_base;
        for (unsigned i = 0; i < 16; ++i) {
            fill(native_state_.ymm[i]);
            guest.vector.ymm[i] = native_state_.ymm[i];
            if (i == rsp) continue;
            guest.gpr[i] = native_state_.gpr[i] = number() % 2 ? number() : number() % 20;
        }
        guest.gpr[rsi] = guest.gpr[rdi] = operand_at;
        native_state_.gpr[rsi] = native_state_.gpr[rdi] = reinterpret_cast<u64>(memory_.data());
        fill(memory_);
        machine_.set_memory(operand_at, memory_);
        guest.x87 = random_x87();
        write_x87_image(guest.x87, true, native_state_.image.data());
        guest.vector.mxcsr = static_cast<u32>(0x1f80 | (number() & 0x3f));
        if (number() % 2) guest.vector.mxcsr |= static_cast<u32>(number() & 0xe040);
        native_state_.set_mxcsr(guest.vector.mxcsr);
        guest.rflags = 0x202 | (number() & flag::status);
        native_state_.rflags = guest.rflags;
    }

    std::string first_difference() const {
        const CpuState& guest = machine_.cpu.state;
        for (unsigned i = 0; i < 16; ++i) {
            if (guest.vector.ymm[i] != native_state_.ymm[i]) return fmt::format("YMM{}", i);
            if (i != rsp && i != rsi && i != rdi && i < r14 && guest.gpr[i] != native_state_.gpr[i])
                return fmt::format("register {}: {:x}, native {:x}", i, guest.gpr[i], native_state_.gpr[i]);
        }
        if (guest.vector.mxcsr != native_state_.mxcsr())
            return fmt::format("MXCSR {:x}, native {:x}", guest.vector.mxcsr, native_state_.mxcsr());
        if ((guest.rflags ^ native_state_.rflags) & flag::status)
            return fmt::format("flags {:x}, native {:x}", guest.rflags, native_state_.rflags);
        if (machine_.memory_value<std::array<u8, operand_bytes>>(operand_at) != memory_) return "memory";
        return first_x87_difference(guest.x87, read_x87_image(native_state_.image.data(), true));
    }

    static std::string first_x87_difference(const X87State& guest, const X87State& native) {
        if (guest.control != native.control)
            return fmt::format("x87 control {:x}, native {:x}", guest.control, native.control);
        if ((native.status & x87_status::summary) && guest.opcode != native.opcode)
            return fmt::format("x87 opcode {:x}, native {:x}", guest.opcode, native.opcode);
        if (guest.status != native.status)
            return fmt::format("x87 status {:x}, native {:x}", guest.status, native.status);
        if (guest.valid != native.valid)
            return fmt::format("x87 tags {:x}, native {:x}", guest.valid, native.valid);
        for (unsigned i = 0; i < 8; ++i) {
            if (guest.st[i] != native.st[i]) return fmt::format("ST({})", i);
        }
        return {};
    }

    TestMachine machine_;
    Native native_;
    NativeState native_state_;
    alignas(64) std::array<u8, operand_bytes> memory_{};
    ZydisDecodedInstruction decoded_{};
    std::mt19937_64 random_{20240607};
};

/// Compares every form made by `make(opcode, modrm)` for all opcodes, with register operands and with [RSI];
/// the number of forms that were covered.
template <class Make>
unsigned compare_all(Difference& difference, Make&& make) {
    constexpr u8 modrms[] = {0xc0 | 1 << 3 | 2,
                             0xc0 | 3 << 3 | 3,
                             0xc0 | 5 << 3 | 0,
                             0x06 | 4 << 3,
                             0x06,
                             0xf1,
                             0xd8,
                             0x2e,
                             0x36,
                             0x16,
                             0x0e,
                             0x1e,
                             0x3e,
                             0xe2,
                             0xfb};
    unsigned covered = 0;
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
        for (const u8 modrm : modrms) {
            Bytes bytes = make(static_cast<u8>(opcode), modrm);
            if (!difference.covers(bytes)) continue;
            ++covered;
            for (unsigned round = 0; round < 6; ++round) {
                const std::string found = difference.compare(bytes);
                EXPECT_EQ(found, "") << difference.name() << fmt::format(" {:02x}", fmt::join(bytes, " "));
                if (!found.empty()) break;
            }
        }
    }
    return covered;
}

struct LegacyCase {
    u8 prefix, rex;
    Bytes map;
};

class LegacyVectors : public ::testing::TestWithParam<LegacyCase> {};

TEST_P(LegacyVectors, MatchTheRealCpu) {
    Difference difference;
    unsigned covered = 0;
    for (const u8 immediate : {u8{0x1b}, u8{0x4c}, u8{0x02}}) {
        covered += compare_all(difference, [&](u8 opcode, u8 modrm) {
            Bytes bytes;
            if (GetParam().prefix) bytes.push_back(GetParam().prefix);
            if (GetParam().rex) bytes.push_back(GetParam().rex);
            bytes.insert(bytes.end(), GetParam().map.begin(), GetParam().map.end());
            bytes.insert(bytes.end(), {opcode, modrm, immediate});
            return bytes;
        });
    }
    EXPECT_GT(covered, 0u);
}

std::vector<LegacyCase> legacy_cases() {
    std::vector<LegacyCase> cases;
    for (const u8 prefix : {0x00, 0x66, 0xf3, 0xf2})
        for (const u8 rex : {0x00, 0x48, 0x44}) cases.push_back({prefix, rex, {0x0f}});
    for (const Bytes& map : {Bytes{0x0f, 0x38}, Bytes{0x0f, 0x3a}})
        for (const u8 prefix : {0x00, 0x66})
            for (const u8 rex : {0x00, 0x4c}) cases.push_back({prefix, rex, map});
    return cases;
}

INSTANTIATE_TEST_SUITE_P(Maps, LegacyVectors, ::testing::ValuesIn(legacy_cases()));

/// The second and third byte of a VEX prefix without vvvv.
class VexVectors : public ::testing::TestWithParam<std::tuple<int, int, int, int>> {};

TEST_P(VexVectors, MatchTheRealCpu) {
    const auto [map, pp, length, wide] = GetParam();
    Difference difference;
    for (const u8 immediate : {u8{0x1b}, u8{0x61}}) {
        for (const unsigned source : {0u, 2u, 9u}) {
            compare_all(difference, [&](u8 opcode, u8 modrm) {
                // Both register extensions on in one of the rounds.
                const u8 extensions = source == 9 ? 0x40 : 0xe0;
                return Bytes{0xc4,
                             static_cast<u8>(extensions | map),
                             static_cast<u8>(wide << 7 | (~source & 15) << 3 | length << 2 | pp),
                             opcode,
                             static_cast<u8>((modrm & 0xc7) == 0x06 && source == 9 ? modrm : modrm),
                             immediate};
            });
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Maps, VexVectors,
                         ::testing::Combine(::testing::Range(1, 4), ::testing::Range(0, 4),
                                            ::testing::Range(0, 2), ::testing::Range(0, 2)));

TEST(X87Computations, MatchTheRealCpu) {
    Difference difference;
    unsigned covered = 0;
    for (unsigned first = 0xd8; first <= 0xdf; ++first) {
        for (unsigned modrm = 0; modrm < 256; ++modrm) {
            if (modrm < 0xc0 && (modrm & 0xc7) != 0x06) continue;
            Bytes bytes{static_cast<u8>(first), static_cast<u8>(modrm)};
            if (!difference.covers(bytes)) continue;
            ++covered;
            for (unsigned round = 0; round < 60; ++round) {
                const std::string found = difference.compare(bytes);
                EXPECT_EQ(found, "") << difference.name() << fmt::format(" {:02x}", fmt::join(bytes, " "));
                if (!found.empty()) break;
            }
        }
    }
    EXPECT_GT(covered, 400u);
}

} // namespace
} // namespace ringer::x86
