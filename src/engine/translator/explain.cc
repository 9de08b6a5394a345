#include "engine/translator/explain.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringer::engine::translator {

namespace {

struct Told {
    std::string_view treatment, reason;
};

Told told(const GuestInstruction& instruction) {
    switch (instruction.treatment) {
    case Treatment::interpret: return {"called", "it does more than its operands tell, or is rare"};
    case Treatment::nothing: return {"left out", "it changes nothing"};
    case Treatment::copy:
    case Treatment::copy_vector:
    case Treatment::copy_x87:
    case Treatment::copy_mmx:
        if (!instruction.instruction.has_memory) return {"copied", "the host does the same"};
        if (instruction.operand.is_region_known()) return {"copied", "it is in a known region"};
        if (instruction.operand.is_shadowed)
            return {"copied", instruction.operand.is_first ? "behind a look at the region of its address"
                                                           : "a neighbour is in a known region"};
        if (!instruction.operand.is_grouped()) return {"copied", "behind a look at the TLB"};
        if (instruction.operand.is_first)
            return {"copied", "behind a look at the TLB for its neighbours, too"};
        return {"copied", "a neighbour has looked at the TLB"};
    case Treatment::load_vector_control:
    case Treatment::load_x87_control: return {"copied", "unless it unmasks an exception"};
    case Treatment::exchange: return {"rewritten", "no other CPU can come between two moves"};
    case Treatment::bit_string: return {"rewritten", "the bit may be far from the operand"};
    case Treatment::divide: return {"copied", "unless it would raise #DE"};
    case Treatment::string: return {"rewritten", "the host's memory is not the guest's"};
    case Treatment::load_address: return {"rewritten", "RIP and some registers are not the host's"};
    case Treatment::push:
    case Treatment::pop:
    case Treatment::leave: return {"rewritten", "the host's stack is not the guest's"};
    case Treatment::jump_if:
    case Treatment::jump_if_rcx_zero:
        if (instruction.goes_on_at_target) return {"rewritten", "where it leads to as a rule follows"};
        return {"rewritten", "it leads to a translation"};
    case Treatment::jump:
        if (instruction.goes_on_at_target) return {"left out", "where it leads to follows"};
        return {"rewritten", "it leads to a translation"};
    case Treatment::call:
        if (instruction.goes_on_at_target) return {"rewritten", "the guest's address is pushed"};
        return {"rewritten", "it leads to a translation, and the guest's address is pushed"};
    case Treatment::jump_indirect:
    case Treatment::call_indirect:
    case Treatment::return_near:
        if (instruction.goes_on_at_target) return {"rewritten", "where it led to before follows"};
        return {"rewritten", "the jump cache knows the translation"};
    case Treatment::read_selector:
    case Treatment::clear_interrupt_flag:
    case Treatment::set_interrupt_flag:
    case Treatment::clear_direction_flag:
    case Treatment::read_fault_address:
    case Treatment::swap_gs:
    case Treatment::read_segment_base:
    case Treatment::write_segment_base:
    case Treatment::open_user_pages:
    case Treatment::close_user_pages:
    case Treatment::push_flags:
    case Treatment::read_time_stamp:
    case Treatment::system_call:
    case Treatment::system_return: return {"emulated", "it is about the guest's CPU, not the host's"};
    }
    return {};
}

std::string_view told(SideExit::Kind kind) {
    switch (kind) {
    case SideExit::Kind::interpret: return "to the interpreter";
    case SideExit::Kind::access: return "not in the TLB";
    case SideExit::Kind::group: return "some are not in the TLB";
    case SideExit::Kind::careful: return "misaligned";
    case SideExit::Kind::region: return "in another region";
    case SideExit::Kind::refused:
    case SideExit::Kind::refused_with_flags:
    case SideExit::Kind::refused_move:
    case SideExit::Kind::refused_store: return "refused by the host";
    case SideExit::Kind::branch: return "not in the jump cache";
    case SideExit::Kind::crossing: return "a page of its code is mapped anew";
    case SideExit::Kind::far:
    case SideExit::Kind::following: return "not linked, or the page is mapped anew";
    case SideExit::Kind::link:
    case SideExit::Kind::careful_link: return "until it is linked";
    case SideExit::Kind::leave: return "something is due";
    }
    return {};
}

constexpr std::array register_names{"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                    "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

/// Names for what lies near the context.
std::string name_of(const Context& context, i64 offset) {
    const u8* const at = reinterpret_cast<const u8*>(&context) + offset;
    x86::Cpu& cpu = *context.cpu;
    const auto is = [at](const auto& object) { return at == static_cast<const void*>(&object); };
    const auto index_in = [at](const auto& array) -> i64 {
        const auto* const first = reinterpret_cast<const u8*>(array.data());
        const auto* const end = reinterpret_cast<const u8*>(array.data() + array.size());
        return at >= first && at < end ? (at - first) / i64{sizeof(u64)} : -1;
    };
    if (is(context.page_base)) return "page";
    if (is(context.flags.a)) return "flags.a";
    if (is(context.flags.b)) return "flags.b";
    if (is(context.flags.code)) return "flags.code";
    if (is(context.capture)) return "capture";
    if (is(context.target)) return "target";
    if (is(context.target_code)) return "target_code";
    if (is(context.vectors_live)) return "vectors_live";
    if (is(context.x87_live)) return "x87_live";
    if (is(context.shadow_low_end)) return "shadow.low_end";
    if (is(context.shadow_addend)) return "shadow.addend";
    if (is(cpu.check_at)) return "check_at";
    if (is(cpu.state.rflags)) return "rflags";
    if (const i64 i = index_in(context.addends); i >= 0) return fmt::format("addend{}", i);
    for (const auto& each : context.jumps.entries)
        if (is(each)) return "jump_cache";
    for (const u32& each : context.jumps.stamps)
        if (is(each)) return "link_stamp";
    if (is(context.tlb_index_bits)) return "tlb.index_bits";
    if (const i64 i = index_in(context.registers); i >= 0)
        return fmt::format("guest_{}", register_names[registers_in_memory[static_cast<std::size_t>(i)]]);
    for (const auto view :
         {x86::TlbView::user, x86::TlbView::supervisor, x86::TlbView::supervisor_user_access}) {
        const x86::Tlb::View& tlb = cpu.tlb.view(view);
        if (is(tlb.read_tags)) return "tlb.read_tags";
        if (is(tlb.write_tags)) return "tlb.write_tags";
        if (is(tlb.addends)) return "tlb.addends";
        if (is(tlb.hosts)) return "tlb.hosts";
    }
    return {};
}

/// Disassembles the host's instructions.
class Disassembler {
  public:
    Disassembler(const Context& context, std::span<const u8> code, std::span<const SideExit> exits,
                 const ExitStub* stubs)
        : context_(context), code_(code), exits_(exits), stubs_(stubs) {}

    std::vector<std::string> lines(std::size_t begin, std::size_t end) const {
        std::vector<std::string> result;
        while (begin < end) {
            ZydisDisassembledInstruction one;
            const auto address = reinterpret_cast<u64>(&code_[begin]);
            if (!ZYAN_SUCCESS(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, address, &code_[begin],
                                                    end - begin, &one)))
                break;
            result.push_back(text_of(one));
            begin += one.info.length;
        }
        return result;
    }

  private:
    std::string text_of(const ZydisDisassembledInstruction& one) const {
        std::string text = one.text;
        if (one.info.mnemonic == ZYDIS_MNEMONIC_INT)
            return fmt::format("{} engine: {}", text, told(SideExit::Kind::region));
        for (unsigned i = 0; i < one.info.operand_count_visible; ++i) {
            const ZydisDecodedOperand& operand = one.operands[i];
            if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY && operand.mem.base == ZYDIS_REGISTER_RSP)
                name_memory(text, operand.mem);
            if (operand.type == ZYDIS_OPERAND_TYPE_IMMEDIATE && operand.imm.is_relative)
                name_target(text, one, operand);
        }
        return text;
    }

    void name_memory(std::string& text, const ZydisDecodedOperandMem& memory) const {
        const std::string name = name_of(context_, memory.disp.value);
        const std::size_t begin = text.find('['), end = text.find(']');
        if (name.empty() || begin == std::string::npos || end == std::string::npos) return;
        const bool is_indexed = memory.index != ZYDIS_REGISTER_NONE;
        const std::string index =
            is_indexed ? fmt::format(" + {}", ZydisRegisterGetString(memory.index)) : "";
        text.replace(begin, end - begin + 1, fmt::format("[{}{}]", name, index));
    }

    void name_target(std::string& text, const ZydisDisassembledInstruction& one,
                     const ZydisDecodedOperand& operand) const {
        u64 target = 0;
        if (!ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&one.info, &operand, one.runtime_address, &target)))
            return;
        const std::string mnemonic = ZydisMnemonicGetString(one.info.mnemonic);
        const auto first = reinterpret_cast<u64>(&stubs_->call_near);
        const auto code = reinterpret_cast<u64>(code_.data());
        if (target >= first && (target - first) / sizeof(ExitStub) < exits_.size())
            text = fmt::format("{} engine: {}", mnemonic,
                               told(exits_[(target - first) / sizeof(ExitStub)].kind));
        else if (target == code + static_cast<u64>(i64{leave_offset}))
            text = fmt::format("{} engine: {}", mnemonic, told(SideExit::Kind::leave));
        else
            text = mnemonic + (target >= code && target < code + code_.size()
                                   ? fmt::format(" +{:#x}", target - code)
                                   : " runtime");
    }

    const Context& context_;
    std::span<const u8> code_;
    std::span<const SideExit> exits_;
    const ExitStub* stubs_;
};

std::string guest_text(const GuestInstruction& instruction, u64 linear) {
    ZydisFormatter formatter;
    ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
    std::array<char, 96> text{};
    const x86::Decoded& decoded = instruction.decoded;
    ZydisFormatterFormatInstruction(&formatter, &decoded.instruction, decoded.operands.data(),
                                    decoded.instruction.operand_count_visible, text.data(), text.size(),
                                    linear, nullptr);
    return text.data();
}

} // namespace

Explanation explain(const GuestBlock& block, const BlockTranslator& translator, const Context& context,
                    std::span<const u8> code, const ExitStub* stubs, u64 linear) {
    const Disassembler disassembler(context, code, translator.exits(), stubs);
    Explanation result{.address = linear};
    std::string entered = "if all of it may run before something is due";
    translator.exchange().for_each([&](unsigned one, unsigned other) {
        entered += fmt::format("; {} changes places with {}", register_names[one], register_names[other]);
    });
    result.lines.push_back({.treatment = "entered", .reason = std::move(entered)});
    const i32 start = block.instructions.front().offset;
    for (const GuestInstruction& each : block.instructions) {
        const Told what = told(each);
        const u64 address = linear + static_cast<u64>(i64{each.offset - start});
        result.lines.push_back({.address = address,
                                .guest = guest_text(each, address),
                                .treatment = std::string(what.treatment),
                                .reason = std::string(what.reason)});
        result.guest_bytes += each.instruction.length;
    }
    const std::span<const BlockTranslator::Piece> pieces = translator.pieces();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::size_t end = i + 1 < pieces.size() ? pieces[i + 1].begin : code.size();
        auto& host = result.lines[pieces[i].line].host;
        std::ranges::move(disassembler.lines(pieces[i].begin, end), std::back_inserter(host));
    }
    result.host_bytes = static_cast<unsigned>(code.size());
    const std::size_t leave = 1;
    result.exits = static_cast<unsigned>(translator.exits().size() + translator.refusals().size() + leave);
    return result;
}

} // namespace ringer::engine::translator
