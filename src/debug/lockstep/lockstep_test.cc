#include "debug/lockstep/lockstep.h"

#include "base/bits.h"
#include "debug/lockstep/difference.h"
#include "engine/x86_engine.h"
#include "host/code_memory.h"
#include "host/ram.h"
#include "x86/cpuid.h"
#include "x86/host_stub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>

namespace ringer::debug {
namespace {

using machine::EndReason;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// What goes wrong, given the machine's surroundings and its vCPU.
using Mistake = std::function<void(x86::Surroundings&, engine::X86Vcpu&)>;

/// A vCPU on the interpreter that makes a mistake after one certain instruction, or never.
class FaultyVcpu final : public engine::X86Vcpu {
  public:
    FaultyVcpu(x86::Surroundings& surroundings, const x86::CpuModel& model, u64 at, Mistake mistake)
        : surroundings_(surroundings),
          inner_(engine::make_x86_vcpu(engine::x86_engine_names().front(), surroundings, model)), at_(at),
          mistake_(std::move(mistake)) {}

    engine::RunResult run(engine::Budget budget) override {
        const u64 start = retired();
        const bool crosses = start < at_ && budget.most >= at_ - start;
        engine::RunResult result = inner_->run(crosses ? engine::Budget(at_ - start) : budget);
        if (!crosses || retired() != at_) return result;
        mistake_(surroundings_, *inner_);
        if (std::holds_alternative<engine::BudgetSpent>(result.exit) && retired() < start + budget.most)
            result = inner_->run(start + budget.most - retired());
        return {result.exit, retired() - start};
    }

    void stop_soon() override { inner_->stop_soon(); }
    void kick() override { inner_->kick(); }
    void watch_writes() override { inner_->watch_writes(); }
    u64 retired() const override { return inner_->retired(); }
    void reset() override { inner_->reset(); }
    engine::Traits traits() const override { return inner_->traits(); }
    std::string_view engine_name() const override { return "faulty"; }
    void visit(state::Archive& archive) override { inner_->visit(archive); }
    const x86::CpuState& state() const override { return inner_->state(); }
    void set_state(const x86::CpuState& state) override { inner_->set_state(state); }
    std::optional<GuestPhysical> translate(u64 linear) override { return inner_->translate(linear); }
    x86::CodeMode code_mode() const override { return inner_->code_mode(); }
    void explain(u64) override {}
    const engine::Explanation* explanation() const override { return nullptr; }
    void set_interrupt(bool pending) override { inner_->set_interrupt(pending); }
    void nmi() override { inner_->nmi(); }
    void init() override { inner_->init(); }
    void startup(u8 vector) override { inner_->startup(vector); }

  private:
    x86::Surroundings& surroundings_;
    std::unique_ptr<engine::X86Vcpu> inner_;
    u64 at_;
    Mistake mistake_;
};

class TestOutside final : public world::Outside {
  public:
    std::string input, output;
    unsigned waits = 0;
    Request wish = Request::none;

    Nanoseconds monotonic() override { return 0; }
    u64 time_of_day() override { return 0; }
    std::size_t receive(unsigned port, std::span<u8> buffer) override {
        const std::size_t count = port == 0 ? std::min(buffer.size(), input.size()) : 0;
        std::copy_n(input.begin(), count, buffer.begin());
        input.erase(0, count);
        return count;
    }
    void send(unsigned port, std::span<const u8> contents) override {
        if (port == 0) output.append(contents.begin(), contents.end());
    }
    void wait(std::optional<Nanoseconds>) override {
        ++waits;
        wish = Request::quit;
    }
    void wake() override {}
    Request request() override { return wish; }
};

/// Real mode, at 0:1000h. A loop of four instructions that changes registers and a word at 0:2000h.
const std::vector<u8> counting{0x40,             // inc ax
                               0xa3, 0x00, 0x20, // mov [0x2000], ax
                               0x01, 0xc3,       // add bx, ax
                               0xeb, 0xf8};      // jmp to the start
constexpr u64 code_base = 0x1000;
const u64 host_memory = machine::Pc::host_memory(machine::MemoryLayout::of_size(64 * MiB).value());

class LockstepTest : public testing::Test {
  protected:
    /// Runs `code` on a faultless machine and on one that makes a mistake after instruction `at`.
    LockstepResult run(u64 at, Mistake mistake, LockstepOptions options = {},
                       const std::vector<u8>& code = counting) {
        const std::array memory{host::HostRam::allocate(host_memory).value(),
                                host::HostRam::allocate(host_memory).value()};
        const auto side = [&](std::size_t index, u64 when) {
            return MachinePair::Side{{.layout = machine::MemoryLayout::of_size(64 * MiB).value()},
                                     memory[index].bytes(),
                                     [&, when](x86::Surroundings& surroundings) {
                                         return std::make_unique<FaultyVcpu>(surroundings, model_, when,
                                                                             mistake);
                                     }};
        };
        MachinePair pair({side(0, 0), side(1, at)});
        x86::CpuState state = x86::reset_state();
        state.segments[x86::cs].base = state.segments[x86::cs].selector = 0;
        state.rip = code_base;
        for (const std::size_t i : {0, 1}) {
            EXPECT_TRUE(pair[i].pc().memory().write_ram(code_base, code));
            pair[i].pc().vcpu().set_state(state);
        }
        return Lockstep(pair, outside_, options).run().value();
    }

    void expect_found(u64 at, const Mistake& mistake, const LockstepOptions& options = {}) {
        const LockstepResult result = run(at, mistake, options);
        ASSERT_TRUE(result.difference) << at;
        EXPECT_TRUE((*result.difference)["located"].get<bool>());
        EXPECT_EQ((*result.difference)["instruction"], at);
        report_ = *result.difference;
    }

    std::vector<std::string> paths() const {
        std::vector<std::string> paths;
        for (const auto& field : report_["fields"]) paths.push_back(field["path"]);
        return paths;
    }

    static void break_register(x86::Surroundings&, engine::X86Vcpu& vcpu) {
        x86::CpuState state = vcpu.state();
        state.gpr[x86::rsi] ^= 0x10;
        vcpu.set_state(state);
    }

    TestOutside outside_;
    nlohmann::ordered_json report_;

  private:
    host::CodeMemory code_ = host::CodeMemory::allocate(1 << 20).value();
    x86::HostStubs stubs_{{.writable = code_.writable(), .executable = code_.executable()}};
    x86::CpuModel model_ = [this] {
        x86::CpuModel model = x86::host_model();
        model.stubs = &stubs_;
        return model;
    }();
};

TEST_F(LockstepTest, EqualMachinesRunToTheLimit) {
    const LockstepResult result = run(~u64{0}, break_register, {.every = 1000, .max_instructions = 12'345});
    EXPECT_FALSE(result.difference);
    EXPECT_EQ(result.outcome.reason, EndReason::instruction_limit);
    EXPECT_EQ(result.outcome.retired, 12'345u);
    EXPECT_EQ(result.comparisons, 13u);
}

TEST_F(LockstepTest, FindsAWrongRegisterWhereverItIsIn) {
    for (const u64 at : {1, 1000, 1001, 123'457}) expect_found(at, break_register, {.every = 1000});
    expect_found(77'777, break_register, {.every = 1});
    EXPECT_THAT(paths(), ElementsAre("vcpu0.rsi"));
    EXPECT_THAT(report_["memory"], IsEmpty());
}

TEST_F(LockstepTest, FindsADifferenceBeyondACheckpoint) {
    const u64 distance = 100'000;
    expect_found(3 * distance + 54'321, break_register, {.every = 1000, .checkpoint_distance = distance});
    expect_found(2 * distance + 1, break_register, {.every = ~u64{0}, .checkpoint_distance = distance});
}

TEST_F(LockstepTest, ShowsTheInstruction) {
    expect_found(5002, break_register);
    const auto& before = report_["before"];
    EXPECT_EQ(before["retired"], 5001u);
    EXPECT_EQ(before["rip"], code_base + 1);
    EXPECT_EQ(before["physical"], code_base + 1);
    EXPECT_EQ(before["bytes"], "a3 00 20");
    EXPECT_EQ(before["text"], "mov [0x2000], ax");
    EXPECT_EQ(before["vcpu"]["gpr"][x86::rsi], 0u);
    EXPECT_EQ(report_["states"][0]["vcpu0"]["gpr"][x86::rsi], 0u);
    EXPECT_EQ(report_["states"][1]["vcpu0"]["gpr"][x86::rsi], 0x10u);

    const std::string text = to_text(report_, {"one", "other"});
    EXPECT_THAT(text, HasSubstr("one and other differ after instruction 5002:"));
    EXPECT_THAT(text, HasSubstr("0000:0000000000001001  a3 00 20  mov [0x2000], ax\n"));
    EXPECT_THAT(text, HasSubstr("vcpu0.rsi  0x0  0x10\n"));
}

TEST_F(LockstepTest, FindsAWrongFlagAndAWrongVectorRegister) {
    expect_found(4004, [](x86::Surroundings&, engine::X86Vcpu& vcpu) {
        x86::CpuState state = vcpu.state();
        state.rflags ^= x86::flag::df;
        state.vector.ymm[3][17] = 0xee;
        vcpu.set_state(state);
    });
    EXPECT_THAT(paths(), ElementsAre("vcpu0.rflags", "vcpu0.vector.ymm[3]"));
    EXPECT_THAT(to_text(report_, {"one", "other"}), HasSubstr("0x482 SF DF"));
}

TEST_F(LockstepTest, FindsAWrongByteOfMemory) {
    expect_found(4005, [](x86::Surroundings& surroundings, engine::X86Vcpu&) {
        const std::array<u8, 2> bytes{0xab, 0xcd};
        ASSERT_TRUE(surroundings.memory().write_ram(0x5'4321, bytes));
    });
    EXPECT_THAT(paths(), IsEmpty());
    ASSERT_EQ(report_["memory"].size(), 1u);
    EXPECT_EQ(report_["memory"][0]["address"], 0x5'4321u);
    EXPECT_THAT(report_["memory"][0]["values"], ElementsAre("00 00", "ab cd"));
}

TEST_F(LockstepTest, FindsAByteThatNobodySaidWasWritten) {
    const LockstepOptions options{.every = 1000, .max_instructions = 1'000'000};
    const auto mistake = [](x86::Surroundings& surroundings, engine::X86Vcpu&) {
        *surroundings.memory().ram(code_base + 0x100) = 1; // In a page that the loader has written.
    };
    expect_found(4007, mistake, options);
    EXPECT_EQ(report_["memory"][0]["address"], code_base + 0x100);
}

TEST_F(LockstepTest, FindsAWrongDevice) {
    expect_found(4006, [](x86::Surroundings& surroundings, engine::X86Vcpu&) {
        ASSERT_EQ(surroundings.ports().write(0x3ff, 1, 0x5a), memory::Answer::now);
    });
    EXPECT_THAT(paths(), ElementsAre("serial0.scratch"));
}

TEST_F(LockstepTest, FindsWrongOutput) {
    expect_found(4008, [](x86::Surroundings& surroundings, engine::X86Vcpu&) {
        ASSERT_EQ(surroundings.ports().write(0x3f8, 1, 'x'), memory::Answer::now);
    });
    EXPECT_THAT(paths(), Contains("outside.sent[0].bytes"));
    EXPECT_EQ(outside_.output, "") << "only what the first machine sends is shown";
}

TEST_F(LockstepTest, FindsAnEndOfOnlyOneGuest) {
    expect_found(4009, [](x86::Surroundings& surroundings, engine::X86Vcpu&) {
        ASSERT_EQ(surroundings.ports().write(0x604, 2, 0x2000), memory::Answer::now);
    });
    EXPECT_THAT(paths(), Contains("ending.reason"));
}

TEST_F(LockstepTest, SaysWhenADifferenceDoesNotRepeat) {
    const auto mistake = [here = getpid()](x86::Surroundings& surroundings, engine::X86Vcpu& vcpu) {
        if (getpid() == here) break_register(surroundings, vcpu);
    };
    const LockstepResult result = run(12'345, mistake, {.every = 10'000});
    ASSERT_TRUE(result.difference);
    const auto& report = *result.difference;
    EXPECT_FALSE(report["located"].get<bool>());
    EXPECT_EQ(report["first"], 1u);
    EXPECT_EQ(report["instruction"], 20'000u);
    EXPECT_THAT(to_text(report, {"one", "other"}), HasSubstr("does not repeat itself"));
}

/// Sends back each byte that comes in; a 'q' powers the machine off.
const std::vector<u8> echoing{0xba, 0xfd, 0x03, // mov dx, 0x3fd: line status
                              0xec, 0xa8, 0x01, // in al, dx; test al, 1: data ready
                              0x74, 0xfb,       // jz to the in
                              0xba, 0xf8, 0x03, // mov dx, 0x3f8
                              0xec, 0xee,       // in al, dx; out dx, al
                              0x3c, 'q',        // cmp al, 'q'
                              0x75, 0xef,       // jne to the start
                              0xba, 0x04, 0x06, // mov dx, 0x604
                              0xb8, 0x00, 0x20, // mov ax, 0x2000
                              0xef};            // out dx, ax

TEST_F(LockstepTest, InputReachesBothAndOutputIsShownOnce) {
    outside_.input = "some words, more than a FIFO or a step takes, and then some more of them, q";
    const std::string sent = outside_.input;
    const LockstepResult result = run(~u64{0}, break_register, {.every = 1000}, echoing);
    EXPECT_FALSE(result.difference);
    EXPECT_EQ(result.outcome.reason, EndReason::power_off);
    EXPECT_EQ(outside_.output, sent);
}

TEST_F(LockstepTest, InputComesAgainInTheSearch) {
    outside_.input = "abcdefghijkl";
    const auto mistake = [](x86::Surroundings& surroundings, engine::X86Vcpu& vcpu) {
        break_register(surroundings, vcpu);
    };
    const LockstepResult result = run(7777, mistake, {.every = 1000}, echoing);
    ASSERT_TRUE(result.difference);
    EXPECT_EQ((*result.difference)["instruction"], 7777u);
    EXPECT_EQ((*result.difference)["fields"].size(), 1u);
    EXPECT_EQ(outside_.output, "abcdefgh") << "one byte each step, and none again in the search";
}

TEST_F(LockstepTest, TheOperatorCanEndIt) {
    outside_.wish = world::Outside::Request::timeout;
    EXPECT_EQ(run(~u64{0}, break_register).outcome.reason, EndReason::timeout);
}

TEST_F(LockstepTest, WaitsOnlyForTheOutsideWhenBothHaveHaltedForGood) {
    const LockstepResult result = run(~u64{0}, break_register, {.every = 1000}, {0xfa, 0xf4}); // cli; hlt
    EXPECT_FALSE(result.difference);
    EXPECT_EQ(outside_.waits, 1u);
    EXPECT_EQ(result.outcome.reason, EndReason::quit);
    EXPECT_EQ(result.outcome.retired, 2u);
}

} // namespace
} // namespace ringer::debug
