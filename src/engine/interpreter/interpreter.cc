#include "engine/interpreter/interpreter.h"

#include "base/bits.h"
#include "x86/events.h"
#include "x86/paging.h"

#include <algorithm>
#include <utility>

namespace ringer::engine {

using x86::Flow;
using x86::Guest;
using x86::Instruction;

Interpreter::Interpreter(x86::Cpu& cpu, Caching caching, unsigned most_cached_instructions)
    : cpu_(cpu), cache_(cpu, most_cached_instructions), caching_(caching) {
    single_.first = &single_instruction_;
    single_.count = 1;
}

RunResult Interpreter::run(Budget budget) {
    const Doing doing(activity_, Activity::interpreting);
    const u64 start = cpu_.state.retired;
    stop_at_ = budget.most > ~u64{0} - start ? ~u64{0} : start + budget.most;
    may_stop_at_ = stop_at_ - std::min(budget.slack, budget.most);
    pending_exit_.reset();
    for (;;) {
        if (const std::optional<Exit> exit = reason_to_return()) return {*exit, cpu_.state.retired - start};
        if (!attention_needed(cpu_))
            execute();
        else if (!deliver_pending(cpu_))
            halt_or_step();
    }
}

std::optional<Exit> Interpreter::reason_to_return() {
    // First, so that a request which comes in while the others are looked at is not lost.
    cpu_.check_at.store(stop_at_, std::memory_order_relaxed);
    if (pending_exit_) return pending_exit_;
    if (cpu_.kicked.exchange(false) || std::exchange(cpu_.stop_requested, false)) return Interrupted{};
    if (cpu_.state.activity == x86::Activity::shutdown) return Shutdown{};
    if (may_stop()) return BudgetSpent{};
    return std::nullopt;
}

void Interpreter::execute() {
    while (const Block* const block = look_up()) {
        if (!run_block(*block)) return;
    }
    deliver_exception(cpu_);
}

bool Interpreter::run_block(const Block& block) {
    return run_block(block, [](const Instruction&) {});
}

bool Interpreter::finish(u64 instruction_start, Flow flow) {
    if (flow == Flow::branch || flow == Flow::next) {
        ++cpu_.state.retired;
        return cpu_.state.retired < cpu_.check_at.load(std::memory_order_relaxed);
    }
    if (flow == Flow::end_block) {
        ++cpu_.state.retired;
        return false;
    }
    if (flow != Flow::again) cpu_.state.pending_debug = 0; // It traps when it completes.
    abandon(instruction_start, flow);
    return false;
}

void Interpreter::halt_or_step() {
    if (cpu_.state.activity == x86::Activity::halted)
        pending_exit_ = Hlt{.interruptible = (cpu_.state.rflags & x86::flag::interrupt) != 0};
    else
        step();
}

void Interpreter::step() {
    const x86::Step step = begin_step(cpu_);
    Flow flow = Flow::exception;
    const Block* const block = look_up();
    const u64 start = cpu_.state.rip;
    if (block) {
        const Instruction& instruction = *block->first;
        cpu_.state.rip += instruction.length;
        flow = instruction.handler(cpu_, instruction).flow();
    }
    end_step(cpu_, step, flow);
    if (flow == Flow::next || flow == Flow::branch || flow == Flow::end_block)
        ++cpu_.state.retired;
    else
        abandon(start, flow);
}

void Interpreter::abandon(u64 instruction_start, Flow flow) {
    cpu_.state.rip = instruction_start;
    if (flow == Flow::exception) {
        deliver_exception(cpu_);
    } else if (flow == Flow::again) {
        cpu_.state.rflags |= x86::flag::rf; // An interrupt that comes in between is to find it set.
    } else if (flow == Flow::not_yet) {
        const x86::PendingAccess& access = cpu_.pending;
        if (access.is_port)
            pending_exit_ = Io{static_cast<u16>(access.address), access.size, access.is_write};
        else
            pending_exit_ = Mmio{access.address, access.size, access.is_write};
    }
}

u64 Interpreter::jump_key(bool is_global) const {
    const u64 generation = u64{cpu_.tlb.generation(is_global)} + (u64{cache_.generation()} << 32);
    return generation << 3 ^ (static_cast<u64>(cpu_.code_mode) << 1 | (cpu_.state.cpl == 3));
}

Interpreter::CodeAddress Interpreter::code_address() const {
    const u64 rip = cpu_.state.rip;
    if (cpu_.long64()) return {rip, 0};
    const x86::Segment& code = cpu_.state.segments[x86::cs];
    return {static_cast<u32>(code.base + rip), code.base << 32 | code.limit};
}

const Block* Interpreter::known_block() {
    if (!cpu_.long64())
        cpu_.state.rip = static_cast<u32>(cpu_.state.rip); // Behind the last byte of 4 GiB comes the first.
    const CodeAddress at = code_address();
    const JumpEntry& entry = jump_entry(at.linear);
    const bool is_known = entry.at == at && entry.key == jump_key(entry.page.is_global);
    return is_known ? entry.block : nullptr;
}

const Block* Interpreter::look_up() {
    if (const Block* const block = known_block()) [[likely]]
        return block;
    const CodeAddress at = code_address();
    const Guest<FoundBlock> found = look_up_slowly(at.linear);
    if (!found) return nullptr;
    if (found->block != &single_)
        jump_entry(at.linear) = {
            .at = at, .key = jump_key(found->page.is_global), .block = found->block, .page = found->page};
    return found->block;
}

Guest<Interpreter::FoundBlock> Interpreter::look_up_slowly(u64 linear) {
    if (cpu_.long64() ? !x86::is_canonical(linear) : cpu_.state.rip > cpu_.state.segments[x86::cs].limit)
        return general_protection(cpu_);
    const x86::AccessRights rights{x86::Access::execute, cpu_.state.cpl == 3, false};
    const x86::Translation translation = TRY(translate(cpu_, linear, rights));
    const Block* const block = block_at(translation.address);
    const bool within_segment =
        block && (cpu_.long64() || cpu_.state.rip + block->bytes - 1 <= cpu_.state.segments[x86::cs].limit);
    if (within_segment) return FoundBlock{block, translation.page};
    const bool crosses_pages = !block && cpu_.surroundings.memory().ram(translation.address);
    const Block* const single =
        TRY(crosses_pages ? decode_crossing(linear, translation.address) : decode_one(linear));
    return FoundBlock{single, translation.page};
}

const Block* Interpreter::block_at(GuestPhysical address) {
    if (caching_ == Caching::blocks)
        if (const Block* const block = cache_.find(address, cpu_.code_mode)) return block;
    if (!cpu_.surroundings.memory().ram(address)) return nullptr;
    return caching_ == Caching::blocks ? decode_block(address) : decode_uncached(address);
}

namespace {

/// How many bytes the instruction that `bytes` start with depends on. Refused ones have no length: all that
/// were looked at may be why.
std::size_t bytes_of(const Instruction& instruction, std::span<const u8> bytes) {
    return instruction.length != 0 ? instruction.length : std::min(bytes.size(), x86::longest_instruction);
}

} // namespace

const Block* Interpreter::decode_block(GuestPhysical address) {
    const u64 offset_in_page = address % memory::page_size;
    const std::span<const u8> bytes(cpu_.surroundings.memory().ram(address),
                                    memory::page_size - offset_in_page);
    const std::span<Instruction> instructions = cache_.room_for_a_block();
    u8 count = 0;
    std::size_t used = 0;
    while (count < BlockCache::longest_block && used < bytes.size()) {
        const std::span<const u8> rest = bytes.subspan(used);
        const Instruction* const decoded = frequent_instructions_.find(rest, cpu_.code_mode, cpu_.model);
        if (!decoded) break;
        const Instruction& instruction = instructions[count] = *decoded;
        used += bytes_of(instruction, rest);
        ++count;
        if (instruction.ends_block) break;
    }
    if (count == 0) return nullptr;
    return cache_.insert(address, cpu_.code_mode, static_cast<u16>(used), count);
}

const Block* Interpreter::decode_uncached(GuestPhysical address) {
    const u64 rest_of_page = memory::page_size - address % memory::page_size;
    const std::span<const u8> bytes(cpu_.surroundings.memory().ram(address), rest_of_page);
    Instruction& instruction = single_instruction_;
    if (decode(bytes, cpu_.code_mode, cpu_.model, instruction) == x86::DecodeStatus::truncated)
        return nullptr;
    single_.bytes = static_cast<u16>(bytes_of(instruction, bytes));
    return &single_;
}

Guest<const Block*> Interpreter::decode_crossing(u64 linear, GuestPhysical address) {
    const u64 in_first_page = memory::page_size - address % memory::page_size;
    std::array<u8, 15> bytes;
    const u64 last = bytes.size() - 1;
    const bool is_whole = cpu_.long64() ? x86::is_canonical(linear + last)
                                        : cpu_.state.rip + last <= cpu_.state.segments[x86::cs].limit;
    if (!is_whole) return decode_one(linear);
    const x86::AccessRights rights{x86::Access::execute, cpu_.state.cpl == 3, false};
    const u64 second = cpu_.long64() ? linear + in_first_page : static_cast<u32>(linear + in_first_page);
    const GuestPhysical second_address = TRY(translate(cpu_, second, rights)).address;
    memory::AddressSpace& memory = cpu_.surroundings.memory();
    if (!memory.ram(second_address)) return decode_one(linear);
    std::copy_n(memory.ram(address), in_first_page, bytes.begin());
    std::copy_n(memory.ram(second_address), bytes.size() - in_first_page,
                bytes.begin() + static_cast<std::ptrdiff_t>(in_first_page));
    single_instruction_ = *single_instructions_.find(linear, bytes, cpu_.code_mode, cpu_.model);
    return &single_;
}

const Instruction* Interpreter::instruction_at(u64 linear, GuestPhysical address) {
    const std::span<const u8> bytes(cpu_.surroundings.memory().ram(address),
                                    memory::page_size - address % memory::page_size);
    if (const Instruction* const found =
            single_instructions_.find(address, bytes, cpu_.code_mode, cpu_.model))
        return found;
    const Guest<const Block*> crossing = decode_crossing(linear, address);
    return crossing ? (*crossing)->first : nullptr;
}

Guest<const Block*> Interpreter::decode_one(u64 linear) {
    const x86::AccessRights rights{x86::Access::execute, cpu_.state.cpl == 3, false};
    std::array<u8, 15> bytes{};
    Instruction& instruction = single_instruction_;
    for (unsigned count = 1; count <= bytes.size(); ++count) {
        const unsigned index = count - 1;
        if (!cpu_.long64() && cpu_.state.rip + index > cpu_.state.segments[x86::cs].limit)
            return general_protection(cpu_);
        const u64 at = cpu_.long64() ? linear + index : static_cast<u32>(linear + index);
        if (!x86::is_canonical(at)) return general_protection(cpu_);
        const GuestPhysical address = TRY(translate(cpu_, at, rights)).address;
        u64 value = 0xff;
        if (cpu_.surroundings.memory().read(address, 1, value) == memory::Answer::not_yet)
            value = 0xff; // Code in device memory that cannot be read at once is not code.
        bytes[index] = static_cast<u8>(value);
        if (decode(std::span(bytes).first(count), cpu_.code_mode, cpu_.model, instruction) ==
            x86::DecodeStatus::ok)
            break;
    }
    return &single_;
}

} // namespace ringer::engine
