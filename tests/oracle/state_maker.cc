#include "state_maker.h"

#include "layout.h"
#include "operand_contents.h"
#include "values.h"
#include "x86/segmentation.h"
#include "x86/x87_state.h"

#include <algorithm>
#include <cstring>

namespace ringer::oracle {

namespace {

/// Chooses the state of one trial, given its instructions.
class StateMaker {
  public:
    StateMaker(Trial& trial, Random& random) : trial_(trial), state_(trial.state), random_(random) {}

    bool run(std::span<const DecodedInstruction> instructions) {
        for (u64& value : state_.gpr)
            value = random_.chance(12) ? random_address(random_) : random_integer(random_);
        state_.rflags = random_flags(random_);
        state_.x87 = random_x87_state(random_);
        state_.vector = random_vector_state(random_);
        if (trial_.is_sequence() && random_.chance(80)) mask_exceptions();
        choose_segments(uses_16_bit_addresses(instructions.front()));
        choose_stack_pointer();
        trial_.image = random_.below(image_count);
        const bool comparable = std::ranges::all_of(
            instructions, [this](const DecodedInstruction& decoded) { return suit(decoded); });
        if (!is_64_bit()) {
            for (u64& value : state_.gpr) value = static_cast<u32>(value);
            for (unsigned i = 8; i < 16; ++i) state_.gpr[i] = 0;
        }
        return comparable;
    }

  private:
    bool is_64_bit() const { return trial_.code_size == CodeSize::bits64; }

    /// Most sequences are to run to their end.
    void mask_exceptions() {
        state_.vector.mxcsr |= 0x1f80;
        state_.x87.status &= static_cast<u16>(~x86::x87_status::exceptions);
        x86::set_x87_control(state_.x87, state_.x87.control | x86::x87_status::exceptions);
        state_.rflags &= ~(x86::flag::tf | x86::flag::ac);
    }

    static bool uses_16_bit_addresses(const DecodedInstruction& decoded) {
        return decoded.instruction.address_width == 16;
    }

    /// Moves the state towards what one instruction works on. Registers that an earlier one, or another
    /// operand, has an address in stay as they are.
    bool suit(const DecodedInstruction& decoded) {
        decoded_ = &decoded;
        adjust_operands();
        adjust_to_mnemonic();
        for (const ZydisDecodedOperand& operand : decoded.all())
            if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY) aim(operand);
        return (!names_components() || choose_components()) && !wraps_save_area();
    }

    /// 16-bit addresses reach the data pages through a segment that begins there.
    void choose_segments(bool addresses_have_16_bits) {
        auto& segments = state_.segments;
        u16 code = code64_selector;
        if (trial_.code_size == CodeSize::bits32) code = code32_selector;
        if (trial_.code_size == CodeSize::bits16) code = code16_selector;
        segments[x86::cs].selector = code;
        segments[x86::ss].selector = data_selector;
        for (const auto segment : {x86::ds, x86::es, x86::fs, x86::gs})
            segments[segment].selector = is_64_bit() ? 0 : data_selector;
        if (!is_64_bit()) {
            const bool mostly_local = addresses_have_16_bits || trial_.code_size == CodeSize::bits16;
            for (const auto segment : {x86::ds, x86::es, x86::ss})
                if (random_.chance(mostly_local ? 90 : 10)) segments[segment].selector = local_data(segment);
        }
        for (const auto segment : {x86::fs, x86::gs}) {
            u64& base = segments[segment].base;
            if (random_.chance(50)) base = random_.chance(50) ? random_.below(4096) : random_address(random_);
            if (addresses_have_16_bits && random_.chance(80)) base = layout::data;
            base = x86::is_canonical(base) ? base : 0;
            if (!is_64_bit()) base = static_cast<u32>(base);
        }
    }

    u16 local_data(x86::SegmentRegister segment) {
        constexpr u16 all[] = {
            data16_selector, data32_selector, data16_selector, data32_selector, 0x27, 0x2f};
        constexpr u16 of_data_alone[] = {data32_selector, 0x37, code16_selector};
        const bool is_stack = segment == x86::ss;
        return is_stack || random_.chance(90) ? random_.pick(all) : random_.pick(of_data_alone);
    }

    void choose_stack_pointer() {
        const u16 stack = is_64_bit() ? 0 : state_.segments[x86::ss].selector;
        u64& pointer = gpr(x86::rsp);
        pointer = random_.chance(90) ? ordinary_address(random_, 1024) : random_address(random_);
        pointer -= base_of(stack);
        // What IRET leaves of the stack pointer on the way in.
        if (is_16_bit_stack(stack)) pointer = (entry_frame & ~u64{0xffff}) | (pointer & 0xffff);
        set_fixed(x86::rsp);
    }

    /// The base of a memory operand's segment.
    u64 segment_base(ZydisRegister name) const {
        if (name == ZYDIS_REGISTER_FS) return state_.segments[x86::fs].base;
        if (name == ZYDIS_REGISTER_GS) return state_.segments[x86::gs].base;
        if (is_64_bit()) return 0;
        switch (name) {
        case ZYDIS_REGISTER_ES: return base_of(state_.segments[x86::es].selector);
        case ZYDIS_REGISTER_CS: return base_of(state_.segments[x86::cs].selector);
        case ZYDIS_REGISTER_SS: return base_of(state_.segments[x86::ss].selector);
        default: return base_of(state_.segments[x86::ds].selector);
        }
    }

    bool is_fixed(unsigned number) const { return fixed_ >> number & 1; }
    void set_fixed(unsigned number) { fixed_ |= 1u << number; }

    u64& gpr(unsigned number) { return state_.gpr[number]; }

    /// A repeat count that is mostly small, bit offsets near the operand, selectors that exist.
    void adjust_operands() {
        const auto& instruction = decoded_->instruction;
        constexpr u64 repeats = ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE;
        if ((instruction.attributes & repeats) && random_.chance(85)) {
            gpr(x86::rcx) = random_.below(40);
            set_fixed(x86::rcx);
        }
        for (const ZydisDecodedOperand& operand : decoded_->visible()) {
            if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
            const auto number = general_number(operand.reg.value);
            if (!number || is_fixed(*number)) continue;
            if (instruction.meta.category == ZYDIS_CATEGORY_BITBYTE && random_.chance(70))
                gpr(*number) = random_.below(256) - 128;
            if (names_selector() && random_.chance(90)) gpr(*number) = random_selector(random_);
            if (is_branch() && random_.chance(85)) gpr(*number) = code_address();
        }
    }

    bool is_branch() const {
        return decoded_->instruction.meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
               decoded_->instruction.meta.category == ZYDIS_CATEGORY_CALL ||
               decoded_->instruction.meta.category == ZYDIS_CATEGORY_RET;
    }

    bool names_selector() const {
        switch (decoded_->instruction.mnemonic) {
        case ZYDIS_MNEMONIC_LAR:
        case ZYDIS_MNEMONIC_LSL:
        case ZYDIS_MNEMONIC_VERR:
        case ZYDIS_MNEMONIC_VERW:
        case ZYDIS_MNEMONIC_ARPL: return true;
        default: break;
        }
        return std::ranges::any_of(decoded_->visible(), [](const ZydisDecodedOperand& operand) {
            return operand.type == ZYDIS_OPERAND_TYPE_REGISTER &&
                   ZydisRegisterGetClass(operand.reg.value) == ZYDIS_REGCLASS_SEGMENT;
        });
    }

    /// A branch's target: not within the trial's own instructions, but at the start of one.
    u64 code_address() {
        if (!random_.chance(95)) return random_address(random_);
        const u64 base = is_64_bit() ? 0 : base_of(state_.segments[x86::cs].selector);
        const u64 distance = random_.below(layout::code_size) - (state_.rip + base - layout::code);
        if (trial_.is_sequence() && random_.chance(60)) return random_start();
        const bool is_inside = distance < trial_.bytes.size();
        const u64 target = state_.rip + (is_inside ? trial_.bytes.size() : distance);
        // A far pointer may lead from a segment with another base.
        return random_.chance(80) ? target : target + base - (base ? 0 : layout::code);
    }

    u64 random_start() {
        const u64 instructions = random_.below(trial_.lengths.size() + 1);
        u64 address = state_.rip;
        for (u64 i = 0; i < instructions; ++i) address += trial_.lengths[i];
        return address;
    }

    void adjust_to_mnemonic() {
        switch (decoded_->instruction.mnemonic) {
        case ZYDIS_MNEMONIC_DIV:
        case ZYDIS_MNEMONIC_IDIV: make_quotient_fit(); break;
        case ZYDIS_MNEMONIC_JCXZ:
        case ZYDIS_MNEMONIC_JECXZ:
        case ZYDIS_MNEMONIC_JRCXZ:
        case ZYDIS_MNEMONIC_LOOP:
        case ZYDIS_MNEMONIC_LOOPE:
        case ZYDIS_MNEMONIC_LOOPNE:
            if (random_.chance(60) && !is_fixed(x86::rcx)) gpr(x86::rcx) = random_.below(3);
            break;
        default: break;
        }
    }

    bool names_components() const {
        const auto set = decoded_->instruction.meta.isa_set;
        return set == ZYDIS_ISA_SET_XSAVE || set == ZYDIS_ISA_SET_XSAVEC || set == ZYDIS_ISA_SET_XSAVEOPT;
    }

    /// The host has enabled more state components than the guest: only those of both may be asked for, which
    /// is not to be had where RAX or RDX point to memory.
    bool choose_components() {
        const auto addresses = [&](x86::Register which) {
            return std::ranges::any_of(decoded_->visible(), [&](const ZydisDecodedOperand& operand) {
                return operand.type == ZYDIS_OPERAND_TYPE_MEMORY &&
                       (general_number(operand.mem.base) == which ||
                        general_number(operand.mem.index) == which);
            });
        };
        if (addresses(x86::rax) || addresses(x86::rdx)) return false;
        gpr(x86::rax) &= 7;
        gpr(x86::rdx) = 0;
        return true;
    }

    /// A save area across the end of a segment: the CPU loads half of it, and raises #GP then.
    bool wraps_save_area() const {
        constexpr u64 large_area = 512;
        if (is_64_bit()) return false;
        return std::ranges::any_of(decoded_->visible(), [&](const ZydisDecodedOperand& operand) {
            if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.size / 8 < large_area) return false;
            const auto value = [&](ZydisRegister name) {
                const auto number = general_number(name);
                return number ? state_.gpr[*number] : 0;
            };
            const u64 offset = value(operand.mem.base) + value(operand.mem.index) * operand.mem.scale +
                               static_cast<u64>(operand.mem.disp.value);
            constexpr u64 largest_area = 832;
            return static_cast<u32>(offset) > 0xffff'ffff - largest_area;
        });
    }

    /// Random operands of a division mostly overflow.
    void make_quotient_fit() {
        if (random_.chance(25) || is_fixed(x86::rax) || is_fixed(x86::rdx)) return;
        const u64 low = gpr(x86::rax);
        switch (random_.below(3)) {
        case 0: gpr(x86::rdx) = 0; break;
        case 1: gpr(x86::rdx) = static_cast<u64>(static_cast<i64>(low) >> 63); break;
        default: gpr(x86::rdx) = random_.below(300) - 150; break;
        }
        if (decoded_->operands[0].size == 8)
            gpr(x86::rax) = (low & ~u64{0xff00}) | (random_.below(2) ? 0 : random_.below(0x100) << 8);
        if (decoded_->operands[0].size == 32) gpr(x86::rax) = sign_extend(static_cast<u32>(low));
    }

    /// Moves registers so that a memory operand lies where it mostly does not fault.
    void aim(const ZydisDecodedOperand& operand) {
        const auto& memory = operand.mem;
        const u64 size = operand.size / 8;
        u64 target = random_.chance(80) ? ordinary_address(random_, 1024) : random_address(random_);
        if (random_.chance(25)) target += random_.below(64);
        const u64 start = static_cast<u64>(memory.disp.value) + segment_base(memory.segment);
        const u64 linear = point_registers(operand, target - start) + start;
        if (memory.type == ZYDIS_MEMOP_TYPE_VSIB) shrink_indices(memory.index);
        if (size || memory.type != ZYDIS_MEMOP_TYPE_AGEN) patch(linear, size);
    }

    /// Chooses base and index so that they add up to `sum`, as far as they may be chosen. Returns their sum.
    u64 point_registers(const ZydisDecodedOperand& operand, u64 sum) {
        const auto& memory = operand.mem;
        const auto base = general_number(memory.base);
        const auto index = general_number(memory.index);
        const u64 scale = std::max<u64>(memory.scale, 1);
        if (index && index == base) {
            if (!is_fixed(*base)) gpr(*base) = sum / (1 + scale);
        } else {
            if (index && !is_fixed(*index)) {
                if (!base || is_fixed(*base))
                    gpr(*index) = (sum - (base ? gpr(*base) : 0)) / scale;
                else if (random_.chance(70))
                    gpr(*index) = random_.below(64) - 32;
            }
            if (base && !is_fixed(*base)) gpr(*base) = sum - (index ? gpr(*index) * scale : 0);
        }
        if (base) set_fixed(*base);
        if (index) set_fixed(*index);
        return (base ? gpr(*base) : 0) + (index ? gpr(*index) * scale : 0);
    }

    void shrink_indices(ZydisRegister index) {
        auto& lanes = state_.vector.ymm[static_cast<unsigned>(ZydisRegisterGetId(index)) % 16];
        const unsigned step = random_.chance(50) ? 4 : 8;
        if (random_.chance(15)) return;
        for (unsigned i = 0; i < lanes.size(); i += step) {
            const u64 value = random_.below(128) - 64;
            std::memcpy(lanes.data() + i, &value, step);
        }
    }

    /// What an instruction expects in memory there, if that is something special.
    void patch(u64 target, u64 size) { trial_.patches.push_back({target, contents(size)}); }

    std::vector<u8> contents(u64 size) {
        const auto& instruction = decoded_->instruction;
        std::vector<u8> bytes(std::clamp<u64>(size, 8, 64));
        switch (instruction.mnemonic) {
        case ZYDIS_MNEMONIC_FXRSTOR:
        case ZYDIS_MNEMONIC_FXRSTOR64:
        case ZYDIS_MNEMONIC_XRSTOR:
        case ZYDIS_MNEMONIC_XRSTOR64:
        case ZYDIS_MNEMONIC_FRSTOR: return random_save_area(random_);
        case ZYDIS_MNEMONIC_FLDENV:
            return random_environment(instruction.operand_width == 16 ? 2 : 4, random_);
        case ZYDIS_MNEMONIC_LDMXCSR:
        case ZYDIS_MNEMONIC_VLDMXCSR: {
            const std::array<u64, 1> mxcsr{random_.next() & (random_.chance(80) ? 0xffff : ~u64{0})};
            return words(mxcsr, 4);
        }
        case ZYDIS_MNEMONIC_IRET:
        case ZYDIS_MNEMONIC_IRETD:
        case ZYDIS_MNEMONIC_IRETQ: return frame(true);
        default: break;
        }
        if (is_branch() || names_selector() || instruction.meta.category == ZYDIS_CATEGORY_SEGOP)
            return frame(false);
        if (instruction.meta.isa_set == ZYDIS_ISA_SET_X87 && size == 10)
            std::memcpy(bytes.data(), random_x87_register(random_).data(), 10);
        else
            fill_with_elements(random_, bytes);
        return bytes;
    }

    /// A target in code and its selector, and for an interrupt's frame flags, stack pointer and SS, each as
    /// wide as the operand.
    std::vector<u8> frame(bool of_interrupt) {
        std::vector<u64> values;
        values.push_back(names_selector() ? random_selector(random_) : code_address());
        values.push_back(random_selector(random_));
        if (of_interrupt) values.push_back(random_flags(random_) & (random_.chance(80) ? 0x3'7fff : ~u64{0}));
        values.push_back(random_.chance(90) ? ordinary_address(random_, 64) : random_address(random_));
        values.push_back(random_selector(random_));
        return words(values, decoded_->instruction.operand_width / 8u);
    }

    Trial& trial_;
    x86::CpuState& state_;
    const DecodedInstruction* decoded_ = nullptr; ///< The instruction that suit() is at.
    Random& random_;
    u32 fixed_ = 0; ///< One bit for each general register that holds an address or a count.
};

} // namespace

bool choose_state(Trial& trial, std::span<const DecodedInstruction> instructions, Random& random) {
    return StateMaker(trial, random).run(instructions);
}

std::optional<unsigned> general_number(ZydisRegister name) {
    if (name >= ZYDIS_REGISTER_AL && name <= ZYDIS_REGISTER_R15) {
        if (name >= ZYDIS_REGISTER_AH && name <= ZYDIS_REGISTER_BH)
            return static_cast<unsigned>(name - ZYDIS_REGISTER_AH);
        if (name >= ZYDIS_REGISTER_SPL && name <= ZYDIS_REGISTER_R15B)
            return static_cast<unsigned>(name - ZYDIS_REGISTER_SPL) + 4;
        return static_cast<unsigned>(ZydisRegisterGetId(name)) % 16;
    }
    return std::nullopt;
}

} // namespace ringer::oracle
