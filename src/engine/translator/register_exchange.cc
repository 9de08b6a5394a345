#include "engine/translator/register_exchange.h"

#include "engine/translator/copy_plan.h"

#include <algorithm>

namespace ringer::engine::translator {

namespace {

using Uses = std::array<unsigned, host_register.size()>;

void count(Uses& uses, ZydisRegister name) {
    if (ZydisRegisterGetClass(name) == ZYDIS_REGCLASS_GPR64 ||
        ZydisRegisterGetClass(name) == ZYDIS_REGCLASS_GPR32)
        ++uses[static_cast<unsigned>(ZydisRegisterGetId(name))];
}

/// How often each register is named, also implicitly.
Uses count_uses(const GuestBlock& block) {
    Uses uses{};
    for (const GuestInstruction& each : block.instructions) {
        const x86::Decoded& decoded = each.decoded;
        for (unsigned i = 0; i < decoded.instruction.operand_count; ++i) {
            const ZydisDecodedOperand& operand = decoded.operands[i];
            if (const int number = general_register(operand); number >= 0)
                ++uses[static_cast<unsigned>(number)];
            if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY) continue;
            count(uses, operand.mem.base);
            count(uses, operand.mem.index);
        }
    }
    return uses;
}

/// How many times a register has to be named for the moves to pay: there are three at the start, and three on
/// each way out, of which those that are not taken take room alone.
unsigned enough_uses(const GuestBlock& block) {
    if (block.has_loop) return 8;
    const auto jumps = std::ranges::count_if(block.instructions, &GuestInstruction::may_jump);
    return static_cast<unsigned>(7 + jumps);
}

} // namespace

RegisterExchange plan_register_exchange(const GuestBlock& block, const Condition& condition) {
    RegisterExchange exchange;
    if (!condition.is_long64()) return exchange;
    // Those first that take no prefix to be named.
    static constexpr std::array partners{x86::rdi, x86::rsi, x86::rdx, x86::rcx, x86::rbx, x86::rbp,
                                         x86::rax, x86::r8,  x86::r9,  x86::r12, x86::r13};
    const Uses uses = count_uses(block);
    const unsigned enough = enough_uses(block);
    const auto is_free = [&uses](unsigned number) { return uses[number] == 0; };
    auto partner = std::ranges::find_if(partners, is_free);
    for (std::size_t i = 0; i < registers_in_memory.size() && partner != partners.end(); ++i) {
        if (uses[registers_in_memory[i]] < enough) continue;
        exchange.partners[i] = *partner;
        partner = std::find_if(partner + 1, partners.end(), is_free);
    }
    return exchange;
}

} // namespace ringer::engine::translator
