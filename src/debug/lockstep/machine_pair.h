#pragma once

#include "debug/lockstep/scripted_outside.h"
#include "debug/lockstep/step.h"
#include "machine/pc.h"

#include <nlohmann/json.hpp>

#include <array>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ringer::debug {

/// One of the two machines.
class LockstepMachine {
  public:
    /// As for a Pc; the clock is made to count instructions.
    LockstepMachine(machine::PcOptions options, std::span<u8> ram, const machine::Pc::MakeVcpu& make_vcpu);

    machine::Pc& pc() { return pc_; }
    ScriptedOutside& outside() { return outside_; }

    void run(const Step& step);

    /// The pages of RAM that the last step wrote.
    const std::vector<GuestPhysical>& written() const { return written_; }

    /// How the last step ended: at the instruction limit, with quit because the machine waits() or the
    /// operator wants it, or for good.
    const machine::RunOutcome& outcome() const { return outcome_; }

    /// All that must be the same in both machines but RAM, as bytes to compare, and as JSON.
    std::vector<u8> state();
    nlohmann::ordered_json description();

  private:
    void visit(state::Archive& archive);

    ScriptedOutside outside_;
    machine::Pc pc_;
    machine::RunOutcome outcome_;
    std::vector<GuestPhysical> written_;
};

/// Bytes in a row at which the RAM of two machines differs.
struct MemoryDifference {
    GuestPhysical address;
    std::array<std::vector<u8>, 2> contents; ///< The same number of bytes each.
};

/// One machine on two engines. Both are built alike, loaded alike by the caller, and take the same steps.
class MachinePair {
  public:
    struct Side {
        machine::PcOptions options; ///< Alike, but for what is each machine's own: media that it writes to.
        std::span<u8> ram;          ///< Zeros; as much as Pc::host_memory(). Must outlive the pair.
        machine::Pc::MakeVcpu make_vcpu;
    };
    explicit MachinePair(const std::array<Side, 2>& sides);

    LockstepMachine& operator[](std::size_t index) { return *machines_[index]; }

    void run(const Step& step);

    /// Where both stand: instructions retired. Only while they agree.
    u64 retired() { return machines_[0]->pc().vcpu().retired(); }

    /// Whether their state is the same and so are all pages of RAM that the last step wrote.
    bool agree_where_written();

    /// Whether their state and all of RAM are the same.
    bool agree();

    /// Where RAM differs, in ascending order, at most `most` places.
    std::vector<MemoryDifference> memory_differences(std::size_t most);

  private:
    bool states_agree();
    bool page_agrees(GuestPhysical page);
    std::set<GuestPhysical> pages_that_differ();

    std::array<std::unique_ptr<LockstepMachine>, 2> machines_;
};

} // namespace ringer::debug
