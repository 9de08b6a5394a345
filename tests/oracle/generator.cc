#include "generator.h"

#include "exclusions.h"
#include "instruction_maker.h"
#include "layout.h"
#include "values.h"
#include "x86/legacy_image.h"
#include "x86/segmentation.h"
#include "x86/x87_state.h"

#include <algorithm>
#include <cstring>

#include <xxhash.h>

namespace ringer::oracle {

namespace {

u64 instruction_address(Random& random) {
    if (random.chance(90)) return layout::code + 64 + random.below(layout::page_size);
    const u64 end = random.chance(50) ? layout::page_size : layout::code_size;
    return layout::code + end - 1 - random.below(15);
}

u64 random_flags(Random& random) {
    u64 flags = x86::flag::reserved_one | x86::flag::interrupt | (random.next() & x86::flag::status);
    if (random.chance(25)) flags |= x86::flag::df;
    if (random.chance(6)) flags |= x86::flag::ac;
    if (random.chance(3)) flags |= x86::flag::tf;
    if (random.chance(4)) flags |= x86::flag::nt;
    if (random.chance(4)) flags |= x86::flag::id;
    return flags;
}

/// Which of the general registers an operand names; nullopt for others.
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

/// Chooses the state of one trial, given its instruction.
class StateMaker {
  public:
    StateMaker(Trial& trial, const DecodedInstruction& decoded, Random& random)
        : trial_(trial), state_(trial.state), decoded_(decoded), random_(random) {}

    /// False: not a trial that can be compared.
    bool run() {
        for (u64& value : state_.gpr)
            value = random_.chance(12) ? random_address(random_) : random_integer(random_);
        state_.gpr[x86::rsp] = random_.chance(90) ? ordinary_address(random_, 1024) : random_address(random_);
        state_.rflags = random_flags(random_);
        state_.x87 = random_x87_state(random_);
        state_.vector = random_vector_state(random_);
        choose_segments();
        trial_.image = random_.below(image_count);
        adjust_operands();
        adjust_to_mnemonic();
        for (const ZydisDecodedOperand& operand : decoded_.all())
            if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY) aim(operand);
        const bool comparable = (!names_components() || choose_components()) && !wraps_save_area();
        if (trial_.code_size == CodeSize::bits32) {
            for (u64& value : state_.gpr) value = static_cast<u32>(value);
            for (unsigned i = 8; i < 16; ++i) state_.gpr[i] = 0;
        }
        return comparable;
    }

  private:
    void choose_segments() {
        constexpr u16 user_data = 0x2b;
        const bool is_32_bit = trial_.code_size == CodeSize::bits32;
        state_.segments[x86::cs].selector = is_32_bit ? 0x23 : 0x33;
        state_.segments[x86::ss].selector = user_data;
        for (const auto segment : {x86::ds, x86::es, x86::fs, x86::gs})
            state_.segments[segment].selector = is_32_bit ? user_data : 0;
        for (const auto segment : {x86::fs, x86::gs}) {
            u64& base = state_.segments[segment].base;
            if (random_.chance(50)) base = random_.chance(50) ? random_.below(4096) : random_address(random_);
            base = x86::is_canonical(base) ? base : 0;
            if (is_32_bit) base = static_cast<u32>(base);
        }
    }

    u64& gpr(unsigned number) { return state_.gpr[number]; }

    /// A repeat count that is mostly small, bit offsets near the operand, selectors that exist.
    void adjust_operands() {
        const auto& instruction = decoded_.instruction;
        constexpr u64 repeats = ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE;
        if ((instruction.attributes & repeats) && random_.chance(85)) gpr(x86::rcx) = random_.below(40);
        for (const ZydisDecodedOperand& operand : decoded_.visible()) {
            if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
            const auto number = general_number(operand.reg.value);
            if (!number) continue;
            if (instruction.meta.category == ZYDIS_CATEGORY_BITBYTE && random_.chance(70))
                gpr(*number) = random_.below(256) - 128;
            if (names_selector() && random_.chance(90)) gpr(*number) = random_selector(random_);
            if (is_branch() && random_.chance(85)) gpr(*number) = code_address();
        }
    }

    bool is_branch() const {
        return decoded_.instruction.meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
               decoded_.instruction.meta.category == ZYDIS_CATEGORY_CALL ||
               decoded_.instruction.meta.category == ZYDIS_CATEGORY_RET;
    }

    bool names_selector() const {
        switch (decoded_.instruction.mnemonic) {
        case ZYDIS_MNEMONIC_LAR:
        case ZYDIS_MNEMONIC_LSL:
        case ZYDIS_MNEMONIC_VERR:
        case ZYDIS_MNEMONIC_VERW:
        case ZYDIS_MNEMONIC_ARPL: return true;
        default: break;
        }
        return std::ranges::any_of(decoded_.visible(), [](const ZydisDecodedOperand& operand) {
            return operand.type == ZYDIS_OPERAND_TYPE_REGISTER &&
                   ZydisRegisterGetClass(operand.reg.value) == ZYDIS_REGCLASS_SEGMENT;
        });
    }

    u64 code_address() {
        return random_.chance(95) ? layout::code + random_.below(layout::code_size) : random_address(random_);
    }

    void adjust_to_mnemonic() {
        switch (decoded_.instruction.mnemonic) {
        case ZYDIS_MNEMONIC_DIV:
        case ZYDIS_MNEMONIC_IDIV: make_quotient_fit(); break;
        case ZYDIS_MNEMONIC_JCXZ:
        case ZYDIS_MNEMONIC_JECXZ:
        case ZYDIS_MNEMONIC_JRCXZ:
        case ZYDIS_MNEMONIC_LOOP:
        case ZYDIS_MNEMONIC_LOOPE:
        case ZYDIS_MNEMONIC_LOOPNE:
            if (random_.chance(60)) gpr(x86::rcx) = random_.below(3);
            break;
        default: break;
        }
    }

    bool names_components() const {
        const auto set = decoded_.instruction.meta.isa_set;
        return set == ZYDIS_ISA_SET_XSAVE || set == ZYDIS_ISA_SET_XSAVEC || set == ZYDIS_ISA_SET_XSAVEOPT;
    }

    /// The host has enabled more state components than the guest: only those of both may be asked for, which
    /// is not to be had where RAX or RDX point to memory.
    bool choose_components() {
        const auto addresses = [&](x86::Register which) {
            return std::ranges::any_of(decoded_.visible(), [&](const ZydisDecodedOperand& operand) {
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
        if (trial_.code_size == CodeSize::bits64) return false;
        return std::ranges::any_of(decoded_.visible(), [&](const ZydisDecodedOperand& operand) {
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
        if (random_.chance(25)) return;
        const u64 low = gpr(x86::rax);
        switch (random_.below(3)) {
        case 0: gpr(x86::rdx) = 0; break;
        case 1: gpr(x86::rdx) = static_cast<u64>(static_cast<i64>(low) >> 63); break;
        default: gpr(x86::rdx) = random_.below(300) - 150; break;
        }
        if (decoded_.operands[0].size == 8)
            gpr(x86::rax) = (low & ~u64{0xff00}) | (random_.below(2) ? 0 : random_.below(0x100) << 8);
        if (decoded_.operands[0].size == 32) gpr(x86::rax) = sign_extend(static_cast<u32>(low));
    }

    /// Moves registers so that a memory operand lies where it mostly does not fault.
    void aim(const ZydisDecodedOperand& operand) {
        const auto& memory = operand.mem;
        const u64 size = operand.size / 8;
        u64 target = random_.chance(80) ? ordinary_address(random_, 1024) : random_address(random_);
        if (decoded_.instruction.address_width == 16)
            target = layout::low_page + random_.below(layout::page_size);
        if (random_.chance(25)) target += random_.below(64);
        u64 rest = target - static_cast<u64>(memory.disp.value);
        if (memory.segment == ZYDIS_REGISTER_FS) rest -= state_.segments[x86::fs].base;
        if (memory.segment == ZYDIS_REGISTER_GS) rest -= state_.segments[x86::gs].base;
        const auto base = general_number(memory.base);
        const auto index = general_number(memory.index);
        if (index && index == base) {
            gpr(*base) = rest / (1 + std::max<u64>(memory.scale, 1));
        } else if (index && random_.chance(90)) {
            if (base)
                gpr(*index) = random_.chance(70) ? random_.below(64) - 32 : gpr(*index);
            else
                gpr(*index) = rest / std::max<u64>(memory.scale, 1);
        }
        if (base && base != index) gpr(*base) = rest - (index ? gpr(*index) * memory.scale : 0);
        if (memory.type == ZYDIS_MEMOP_TYPE_VSIB) shrink_indices(memory.index);
        if (size || memory.type != ZYDIS_MEMOP_TYPE_AGEN) patch(target, size);
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
    void patch(u64 target, u64 size) {
        std::vector<u8> bytes(std::clamp<u64>(size, 8, 64));
        switch (decoded_.instruction.mnemonic) {
        case ZYDIS_MNEMONIC_FXRSTOR:
        case ZYDIS_MNEMONIC_FXRSTOR64:
        case ZYDIS_MNEMONIC_XRSTOR:
        case ZYDIS_MNEMONIC_XRSTOR64:
        case ZYDIS_MNEMONIC_FRSTOR: bytes = save_area(); break;
        case ZYDIS_MNEMONIC_LDMXCSR:
        case ZYDIS_MNEMONIC_VLDMXCSR:
            put(bytes, 0, random_.next() & (random_.chance(80) ? 0xffff : ~0u));
            break;
        case ZYDIS_MNEMONIC_FLDENV: bytes = environment(); break;
        case ZYDIS_MNEMONIC_IRET:
        case ZYDIS_MNEMONIC_IRETD:
        case ZYDIS_MNEMONIC_IRETQ: bytes = frame(true); break;
        default:
            if (is_branch() || names_selector() || decoded_.instruction.meta.category == ZYDIS_CATEGORY_SEGOP)
                bytes = frame(false);
            else if (decoded_.instruction.meta.isa_set == ZYDIS_ISA_SET_X87 && size == 10)
                std::memcpy(bytes.data(), random_x87_register(random_).data(), 10);
            else
                fill_with_elements(random_, bytes);
        }
        trial_.patches.push_back({target, std::move(bytes)});
    }

    template <class T>
    static void put(std::vector<u8>& bytes, std::size_t offset, T value) {
        if (bytes.size() < offset + sizeof(value)) bytes.resize(offset + sizeof(value));
        std::memcpy(bytes.data() + offset, &value, sizeof(value));
    }

    /// A target in code and its selector, and for an interrupt's frame flags, stack pointer and SS, each as
    /// wide as the operand.
    std::vector<u8> frame(bool of_interrupt) {
        std::vector<u8> bytes;
        const unsigned width = decoded_.instruction.operand_width / 8u;
        const auto push = [&](u64 value) {
            for (unsigned i = 0; i < width; ++i) bytes.push_back(static_cast<u8>(value >> 8 * i));
        };
        if (names_selector())
            push(random_selector(random_));
        else
            push(code_address());
        push(random_selector(random_));
        if (of_interrupt) push(random_flags(random_) & (random_.chance(80) ? 0x3'7fff : ~u64{0}));
        push(random_.chance(90) ? ordinary_address(random_, 64) : random_address(random_));
        push(random_selector(random_));
        return bytes;
    }

    std::vector<u8> environment() {
        std::vector<u8> bytes(28);
        fill_with_elements(random_, bytes);
        const x86::X87State x87 = random_x87_state(random_);
        const unsigned step = decoded_.instruction.operand_width == 16 ? 2 : 4;
        put(bytes, 0, x87.control);
        put(bytes, step, x87.status);
        return bytes;
    }

    std::vector<u8> save_area() {
        std::vector<u8> bytes(832);
        fill_with_elements(random_, bytes);
        x86::write_x87_image(random_x87_state(random_), random_.chance(50), bytes.data());
        u32 mxcsr = static_cast<u32>(random_.next() & 0xffff);
        if (random_.chance(5)) mxcsr = static_cast<u32>(random_.next());
        x86::write_mxcsr_image(mxcsr, bytes.data());
        std::fill_n(bytes.begin() + 512, 64, u8{0});
        bytes[512] = static_cast<u8>(random_.below(8));
        if (random_.chance(5)) bytes[512 + random_.below(64)] = static_cast<u8>(random_.next());
        // Components that the host has and the guest has not.
        bytes[512] &= 0x1f;
        bytes[520] &= 0x1f;
        return bytes;
    }

    Trial& trial_;
    x86::CpuState& state_;
    const DecodedInstruction& decoded_;
    Random& random_;
};

} // namespace

Generator::Generator(const Form& form, bool is_amd)
    : form_(form), is_amd_(is_amd), form_seed_(XXH3_64bits(form.name.data(), form.name.size())) {}

std::optional<Trial> Generator::make(u64 seed) const {
    Random random(scramble(seed) ^ form_seed_);
    Trial trial;
    trial.code_size = form_.code_size;
    trial.state.rip = instruction_address(random);
    auto made = make_instruction(form_, is_amd_, trial.state.rip, random);
    if (!made) return std::nullopt;
    trial.bytes = std::move(made->bytes);
    if (!StateMaker(trial, made->decoded, random).run()) return std::nullopt;
    return trial;
}

} // namespace ringer::oracle
