#pragma once

#include "engine/interpreter/interpreter.h"
#include "engine/translator/code_cache.h"
#include "engine/translator/context.h"
#include "engine/translator/hot_places.h"
#include "engine/translator/runtime.h"
#include "engine/translator/shadow_map.h"
#include "x86/paging.h"

namespace ringer::engine {

/// Dynamic binary translation: blocks that run often are copied into a code cache and executed by the host's
/// CPU, everything else by the interpreter.
///
/// Needs CpuModel::translations, and lies within 2 GiB of its vCPU.
class Translator final : public Interpreter,
                         private CodeHolder,
                         private x86::MappingObserver,
                         private memory::RefusedAccessHandler {
  public:
    enum class Variant : u8 {
        usual,
        eager,    ///< Translates a block the first time that it runs, for tests.
        counting, ///< Counts how often its code looks at the TLB, which takes time.
    };
    /// Their names.
    static constexpr std::array<std::string_view, 3> names{"translator", "translator-eager",
                                                           "translator-counting"};

    explicit Translator(x86::Cpu& cpu, Variant variant = Variant::usual);
    ~Translator() override;

    /// Explains the first translation of code at a linear address.
    void explain(u64 linear) { explained_ = linear; }
    const std::optional<Explanation>& explanation() const { return code_.explanation(); }

    Counters counters() const override;
    std::string_view name() const override { return names[static_cast<unsigned>(variant_)]; }

  private:
    void execute() override;

    /// How often a block is interpreted before it pays to translate it.
    u32 hot() const;
    /// Whether it is time to judge what runs by how often it is seen. That comes as often, however often the
    /// fast path is left: page faults leave it, of which an owner of the shadow space is not to have many.
    bool is_to_look_around();
    bool has_run_for_long() const;
    /// Of a REP, which counts as one instruction and may take as long as many.
    void note_iterations(u64 count);
    void consider_shadow();
    /// As what may own the shadow space is to be for another condition from now on.
    void drop_jumps_to_shadowed();
    /// Whether the code that runs now may own the shadow space.
    bool may_be_shadowed() const;
    /// What the code at CS:RIP is to be translated for; nullopt: it is to be interpreted.
    std::optional<translator::Condition> condition() const;
    /// Brings Context::segment_ends up to date.
    void note_segments();
    /// RIP for code at a linear address.
    u64 rip_at(u64 linear) const;

    /// How a translation is found: by the engine, or by a jump cache from then on, which may lead to some
    /// alone (Translation::may_be_jumped_to).
    enum class Way : u8 { engine, jump };
    /// The translation of the code at a linear address for the present condition, if there is one. Has no
    /// effect on the guest: whether that code will run is not certain.
    translator::Translation* find_translation(u64 linear, translator::Checking checking,
                                              Way way = Way::engine);
    /// A new one, of a block at CS:RIP that is interpreted often enough.
    translator::Translation* translate(const Block& block, translator::Checking checking);

    /// After code was to be added to the cache, for which other code may have gone. nullptr: none was.
    void note_added(const translator::Translation* added);

    /// Runs a block by the interpreter.
    bool run_cold(const Block& block);
    /// Likewise code of 64 bits, and notes where it accesses memory.
    bool run_and_look(const Block& block, OperandRegions& operands);

    /// @name Traces (traces.cc)
    /// @{
    /// Makes a trace of what follows CS:RIP if that is hot, and runs it for that once. Returns whether the
    /// fast path may go on.
    bool consider_trace();
    /// Runs on by the interpreter from the start of a loop to where it ends, if that comes soon. Returns
    /// whether the fast path may go on.
    bool leave_loop(const translator::Translation& loop);
    /// The block at CS:RIP. nullptr: there is none, and the exception for that was delivered.
    const Block* fetch_block();
    /// Runs it by the interpreter, up to where it comes back to its start or to some other place of it.
    /// Returns whether the fast path may go on; otherwise nothing is to be made of the path.
    bool record(std::vector<translator::TraceStep>& path, const translator::Condition& now);
    /// In the place of a block.
    void make_trace(translator::Translation& block, const translator::TracePath& path);
    /// In the place of one that was dropped for where its data lay, if its path is still known.
    void make_trace_again(translator::Translation& dropped);
    translator::TracePath& path_kept_at(GuestPhysical address) {
        return paths_[(address ^ address >> memory::page_shift) % paths_.size()];
    }
    /// @}

    /// Runs translated code from CS:RIP on. Returns whether the fast path may go on.
    bool enter(const translator::Translation& translation);

    /// @name What translated code calls (take_over.cc)
    /// Each returns where to go on in translated code, or nullptr.
    /// @{
    using Place = translator::CodeCache::Place;
    const void* take_over();
    const u8* access_refused(const memory::RefusedAccess& access) override;
    /// Behind the check that has failed.
    const void* go_on_checked(const Place& place);
    const void* go_on_behind(const Place& place);
    /// With RIP for a linear address.
    const void* leave(u64 linear);
    const void* follow_link(const Place& place, translator::Checking checking);
    const void* go_on_elsewhere(const Place& place, translator::Checking checking);
    const void* go_on_in_engine(const Place& place); ///< At its instruction.
    /// The same after an address was not in the region that was expected.
    const void* go_on_after_region(const Place& place);
    /// Of an access, or a group of them, that was not found in the TLB.
    /// @{
    const u64& missed_tag(const Place& place) const;
    u64 missed_address(const Place& place) const;
    /// @}
    /// nullptr: the access may not be made like that.
    const void* find_access(const Place& place);
    /// nullptr: there is no translation there.
    const void* find_target(const Place& place);
    const void* enter_crossing(const Place& place);
    /// nullptr: it cannot be linked now.
    /// @{
    const void* link_far(const Place& place);
    const void* link_far_to(const Place& place, u64 target);
    const void* go_on_linked(const Place& place, translator::Translation& target);
    /// @}
    const void* run_instruction(const Place& place);
    void note_refused(const Place& place);
    const void* code_at_rip();
    /// The start of the translation of the code at a linear address, with Context::page_base set.
    const void* start_at(u64 linear, const translator::Translation& translation);
    /// Takes registers that are in each other's place to where they belong, or there again.
    void exchange_registers(const Place& place);
    /// What RSP lacks of what it should be at a refused access (BlockTranslator::move_stack_pointer).
    i32 stack_pointer_lag(const Place& place, const u8* code);
    /// Makes linear addresses again of what a refused MOVS or STOS has.
    void take_back_places(const translator::SideExit& exit);
    /// Brings what else is Unsaved to where it belongs.
    void save(const Place& place);
    void save_x87_pointers(const Place& place);
    const x86::Instruction* instruction_of(const Place& place, u16 position);
    /// The linear address that the exit's position stands for.
    u64 linear_of(const Place& place) const;
    /// @}

    /// Where the page at a linear address is, which may have left its range, for code; no effect.
    std::optional<x86::Translation> page_at(u64 linear, const translator::Condition& now);
    /// The bytes of `block`, which is at CS:RIP. With none if they cannot be translated.
    translator::CodeBytes bytes_of(const Block& block, const translator::Condition& now);

    /// Has its jump cache lead to the translation of the code at a linear address.
    void add_jump(u64 linear, const translator::Translation& translation, bool is_global);
    /// Likewise to what other processes have jumped to in a page, when this one comes there: as a rule it
    /// will as well, and a miss for each of them takes longer.
    void add_known_jumps(u64 page, GuestPhysical physical, const translator::Condition& now, bool is_global);

    bool code_written(GuestPhysical address, u64 size) override;
    void all_mappings_dropped() override;
    void local_mappings_dropped() override;
    void space_entered(u64 number) override;
    void page_dropped(u64 linear) override;
    void writes_revoked(const u8* host_page) override { shadow_.revoke_write(host_page); }
    void all_writes_revoked() override { shadow_.revoke_writes(); }

    const Variant variant_;

    /// What has ended translated code, if an instruction has.
    struct Departure {
        u64 instruction_start;
        x86::Flow flow;
    };
    std::optional<Departure> departure_;
    std::optional<Place> refused_;     ///< What the host has refused, if translated code was left by that,
    const u8* refused_code_ = nullptr; ///< and where.
    /// How translated code was left, and where it goes on:
    /// @{
    std::optional<translator::Link> left_by_;                     ///< the link, if it was one;
    translator::Checking wanted_ = translator::Checking::grouped; ///< in what translation;
    bool is_linked_to_ = false; ///< a link leads there from then on, and perhaps no jump.
    void forget_departure();
    /// @}

    translator::HotPlaces hot_places_;
    std::array<translator::TracePath, 64> paths_{}; ///< That were recorded last, by where they begin.
    u64 looked_around_at_ = 0; ///< By CpuState::retired, and earlier by what iterations have taken.
    unsigned links_tried_ = 0;

    std::optional<u64> explained_; ///< Where code is to be explained once it is translated.

    /// How often instructions that cross pages were interpreted, by where they are.
    std::array<u8, 256> crossing_heat_{};
    std::array<u8, 2 * translator::GuestBlock::most_in_crossed_page> crossing_bytes_{};

    /// How often, by mnemonic, an instruction was interpreted in the middle of translated code.
    std::vector<u64> interpreted_ = std::vector<u64>(ZYDIS_MNEMONIC_MAX_VALUE + 1);
    u64 entries_ = 0;    ///< Of translated code from the dispatcher.
    u64 blocks_run_ = 0; ///< By the interpreter.
    u64 tlb_misses_ = 0, jump_misses_ = 0, link_misses_ = 0, region_misses_ = 0; ///< Of translated code.

    translator::ContextOnStack frame_;
    translator::Context& context_ = frame_.context;
    translator::JumpCaches jumps_{context_.jumps};
    translator::ShadowMap shadow_;
    translator::Runtime runtime_;
    translator::CodeCache code_;
};

} // namespace ringer::engine
