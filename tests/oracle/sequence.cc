#include "sequence.h"

#include "generator.h"
#include "instruction_maker.h"
#include "layout.h"
#include "state_maker.h"

#include <algorithm>
#include <cstring>

#include <xxhash.h>

namespace ringer::oracle {

namespace {

/// Save areas tell of the host more than may be compared afterwards: MXCSR_MASK, and state components that
/// the guest has not.
bool is_for_sequences(const Form& form) {
    switch (form.isa_set) {
    case ZYDIS_ISA_SET_FXSAVE:
    case ZYDIS_ISA_SET_FXSAVE64:
    case ZYDIS_ISA_SET_XSAVE:
    case ZYDIS_ISA_SET_XSAVEC:
    case ZYDIS_ISA_SET_XSAVEOPT: return false;
    default: return form.exposed && !form.excluded;
    }
}

bool is_general(ZydisISASet set) {
    switch (set) {
    case ZYDIS_ISA_SET_I86:
    case ZYDIS_ISA_SET_I186:
    case ZYDIS_ISA_SET_I386:
    case ZYDIS_ISA_SET_I486REAL:
    case ZYDIS_ISA_SET_PENTIUMREAL:
    case ZYDIS_ISA_SET_PPRO:
    case ZYDIS_ISA_SET_CMOV:
    case ZYDIS_ISA_SET_LONGMODE:
    case ZYDIS_ISA_SET_LAHF:
    case ZYDIS_ISA_SET_BMI1:
    case ZYDIS_ISA_SET_BMI2:
    case ZYDIS_ISA_SET_ADOX_ADCX:
    case ZYDIS_ISA_SET_LZCNT:
    case ZYDIS_ISA_SET_POPCNT:
    case ZYDIS_ISA_SET_MOVBE: return true;
    default: return false;
    }
}

/// Whether it can be expected to go on with the next instruction, or with another one of the sequence.
bool goes_on(const Form& form) {
    const Encoding& seed = form.seeds.front();
    const EncodedHead head = encode_head(seed, form.code_size, 0, seed.is_vex ? 1 : 0);
    std::array<u8, 16> bytes{};
    std::copy_n(head.bytes, head.length, bytes.begin());
    bytes[head.length] = seed.modrm;
    const auto decoded = decode_bytes(bytes, form.code_size, false);
    if (!decoded) return true;
    const auto& instruction = decoded->instruction;
    if (instruction.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR) return false;
    if (instruction.attributes & ZYDIS_ATTRIB_IS_PRIVILEGED) return false;
    switch (instruction.meta.category) {
    case ZYDIS_CATEGORY_INTERRUPT:
    case ZYDIS_CATEGORY_IO:
    case ZYDIS_CATEGORY_IOSTRINGOP:
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_SEGOP:
    case ZYDIS_CATEGORY_SYSCALL:
    case ZYDIS_CATEGORY_SYSRET:
    case ZYDIS_CATEGORY_SYSTEM: return false;
    default: return true;
    }
}

u32 register_bit(ZydisRegister name) {
    const auto number = general_number(name);
    return number ? 1u << *number : 0;
}

/// The general registers that an instruction has addresses in, and those that it changes otherwise than by
/// moving such an address on, as PUSH and strings do.
struct RegisterUse {
    u32 addresses = 0, changed = 0;
};

RegisterUse register_use(const DecodedInstruction& decoded) {
    RegisterUse use;
    for (const ZydisDecodedOperand& operand : decoded.all())
        if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY && operand.mem.type != ZYDIS_MEMOP_TYPE_AGEN)
            use.addresses |= register_bit(operand.mem.base) | register_bit(operand.mem.index);
    for (const ZydisDecodedOperand& operand : decoded.all()) {
        if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
        if (!(operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)) continue;
        const u32 bit = register_bit(operand.reg.value);
        const bool moves_on = operand.visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN && (use.addresses & bit);
        if (!moves_on) use.changed |= bit;
    }
    return use;
}

/// Lays instructions in a row.
class SequenceMaker {
  public:
    SequenceMaker(Trial& trial, bool is_amd, Random& random)
        : trial_(trial), is_amd_(is_amd), random_(random) {}

    /// False when none that fits was found.
    bool append(const Form& form) {
        auto made = make_instruction(form, is_amd_, trial_.state.rip + trial_.bytes.size(), random_);
        if (!made) return false;
        const RegisterUse use = register_use(made->decoded);
        const bool spoils_addresses = (use.addresses & used_.changed) || (use.changed & used_.addresses);
        if (spoils_addresses && !random_.chance(8)) return false;
        used_.addresses |= use.addresses;
        used_.changed |= use.changed;
        trial_.bytes.insert(trial_.bytes.end(), made->bytes.begin(), made->bytes.end());
        trial_.lengths.push_back(static_cast<u8>(made->bytes.size()));
        instructions_.push_back(made->decoded);
        return true;
    }

    /// Makes near branches lead to the start of another instruction, or behind the last.
    void aim_branches() {
        u64 end = 0;
        for (std::size_t i = 0; i < instructions_.size(); ++i) {
            end += trial_.lengths[i];
            for (const ZydisDecodedOperand& operand : instructions_[i].visible())
                if (operand.type == ZYDIS_OPERAND_TYPE_IMMEDIATE && operand.imm.is_relative)
                    aim_branch(i, end);
        }
    }

    const std::vector<DecodedInstruction>& instructions() const { return instructions_; }

  private:
    /// `end`: where the branch ends. Some stay as they are, but none leads into an instruction.
    void aim_branch(std::size_t branch, u64 end) {
        const auto& immediate = instructions_[branch].instruction.raw.imm[0];
        const bool leaves = end + immediate.value.u >= trial_.bytes.size();
        if (leaves && random_.chance(10)) return;
        std::size_t target = random_.below(instructions_.size() + 1);
        if (target == branch) target = branch + 1; // It would not end.
        u64 start = 0;
        for (std::size_t i = 0; i < target; ++i) start += trial_.lengths[i];
        u64 distance = start - end;
        if (immediate.size == 8 && distance + 0x80 >= 0x100) distance = 0;
        const u64 position = end - trial_.lengths[branch] + immediate.offset;
        std::memcpy(trial_.bytes.data() + position, &distance, immediate.size / 8);
    }

    Trial& trial_;
    bool is_amd_;
    Random& random_;
    RegisterUse used_;
    std::vector<DecodedInstruction> instructions_;
};

} // namespace

SequencePool::SequencePool(const std::vector<Form>& forms) {
    for (const Form& form : forms) {
        if (!is_for_sequences(form) || !goes_on(form)) continue;
        Kinds& kinds = by_code_size_[static_cast<unsigned>(form.code_size)];
        (is_general(form.isa_set) ? kinds.general : kinds.others).push_back(&form);
    }
}

const Form& SequencePool::pick(CodeSize code_size, Random& random) const {
    const Kinds& kinds = by_code_size_[static_cast<unsigned>(code_size)];
    const auto& chosen = random.chance(50) ? kinds.general : kinds.others;
    return *chosen[random.below(chosen.size())];
}

SequenceGenerator::SequenceGenerator(const SequencePool& pool, const Form& form, bool is_amd,
                                     unsigned longest)
    : pool_(pool), form_(form), is_amd_(is_amd), longest_(std::max(longest, 2u)),
      form_seed_(XXH3_64bits(form.name.data(), form.name.size())) {}

std::optional<Trial> SequenceGenerator::make(u64 seed) const {
    if (!is_for_sequences(form_)) return std::nullopt;
    Random random(scramble(seed + longest_) ^ form_seed_);
    Trial trial;
    trial.code_size = form_.code_size;
    const u64 count = 2 + random.below(longest_ - 1);
    trial.state.rip = start_address(form_.code_size, 15 * count, random);
    SequenceMaker maker(trial, is_amd_, random);
    const u64 position = random.below(count);
    for (u64 i = 0; i < count; ++i) {
        constexpr unsigned attempts = 8;
        bool found = false;
        for (unsigned attempt = 0; attempt < attempts && !found; ++attempt)
            found = maker.append(i == position ? form_ : pool_.pick(form_.code_size, random));
        if (i == position && !found) return std::nullopt;
    }
    maker.aim_branches();
    if (calls_kernel(trial.bytes) || !choose_state(trial, maker.instructions(), random)) return std::nullopt;
    return trial;
}

} // namespace ringer::oracle
