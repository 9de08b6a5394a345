#include "instruction_maker.h"

#include "exclusions.h"
#include "layout.h"
#include "values.h"

#include <cstring>

namespace ringer::oracle {

namespace {

/// Prefixes that change nothing but a segment, or nothing at all.
void put_decoration(std::vector<u8>& bytes, Random& random) {
    constexpr u8 segments[] = {0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65, 0x64, 0x65};
    if (random.chance(12)) bytes.push_back(random.pick(segments));
    constexpr u8 others[] = {0x66, 0xf2, 0xf3, 0x2e};
    if (random.chance(3)) bytes.push_back(random.pick(others));
}

/// Whether the ModRM byte's operand is a register stays as it is; what else it says is drawn anew, less of it
/// with each attempt.
u8 vary_modrm(u8 modrm, unsigned attempt, Random& random) {
    const bool is_register = modrm >= 0xc0;
    unsigned mod = modrm >> 6, reg = modrm >> 3 & 7, rm = modrm & 7;
    if (attempt < 4) reg = static_cast<unsigned>(random.below(8));
    if (attempt < 8 || !is_register) {
        rm = static_cast<unsigned>(random.below(8));
        if (!is_register) mod = static_cast<unsigned>(random.below(3));
    }
    return static_cast<u8>(mod << 6 | reg << 3 | rm);
}

/// A SIB byte, displacements and immediates that may follow: more than any instruction has.
void put_tail(std::vector<u8>& bytes, Random& random) {
    const u64 low = random.next();
    u64 tail[2] = {low, random.next()};
    // Small constants are the interesting ones, and so are the limits.
    if (random.chance(40)) tail[0] = random_integer(random);
    if (random.chance(20)) tail[0] = (low & 0xff) | random_integer(random) << 8;
    for (const u64 part : tail)
        for (unsigned i = 0; i < 8; ++i) bytes.push_back(static_cast<u8>(part >> 8 * i));
}

std::vector<u8> draw(const Form& form, unsigned attempt, Random& random) {
    const Encoding& seed = form.seeds[random.below(form.seeds.size())];
    const bool wide_registers = form.code_size == CodeSize::bits64 && attempt < 12;
    const unsigned extensions = wide_registers && random.chance(60) ? random.below(8) : 0;
    unsigned vvvv = 0;
    if (seed.is_vex) vvvv = attempt % 2 ? 0 : static_cast<unsigned>(random.below(wide_registers ? 16 : 8));
    std::vector<u8> bytes;
    if (attempt < 12) put_decoration(bytes, random);
    const EncodedHead head = encode_head(seed, form.code_size, extensions, vvvv);
    bytes.insert(bytes.end(), head.bytes, head.bytes + head.length);
    bytes.push_back(vary_modrm(seed.modrm, attempt, random));
    put_tail(bytes, random);
    return bytes;
}

/// Turns the displacement of an absolute or RIP-relative operand into one that hits the data pages.
void aim_displacement(MadeInstruction& made, u64 rip_after, bool is_64_bit, Random& random) {
    const auto& raw = made.decoded.instruction.raw;
    if (!raw.disp.size || raw.disp.size < 32) return;
    for (const ZydisDecodedOperand& operand : made.decoded.visible()) {
        if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.index != ZYDIS_REGISTER_NONE) continue;
        u64 displacement = random_address(random);
        if (!is_64_bit && random.chance(30)) displacement -= layout::data; // For a segment that begins there.
        const bool relative =
            operand.mem.base == ZYDIS_REGISTER_RIP || operand.mem.base == ZYDIS_REGISTER_EIP;
        if (relative)
            displacement -= rip_after;
        else if (operand.mem.base != ZYDIS_REGISTER_NONE)
            return;
        std::memcpy(made.bytes.data() + raw.disp.offset, &displacement, raw.disp.size / 8);
    }
}

/// Near targets stay within the code pages, and are never the instruction itself: it would not end.
void aim_branch(MadeInstruction& made, Random& random) {
    const auto& instruction = made.decoded.instruction;
    for (const ZydisDecodedOperand& operand : made.decoded.visible()) {
        if (operand.type == ZYDIS_OPERAND_TYPE_POINTER) {
            u64 target =
                random.chance(80) ? layout::code + random.below(layout::code_size) : random_address(random);
            if (random.chance(40)) target -= layout::code; // For a segment that begins there.
            const u16 selector = random_selector(random);
            const auto& offset = instruction.raw.imm[0];
            std::memcpy(made.bytes.data() + offset.offset, &target, offset.size / 8);
            std::memcpy(made.bytes.data() + offset.offset + offset.size / 8, &selector, 2);
        }
        if (operand.type != ZYDIS_OPERAND_TYPE_IMMEDIATE || !operand.imm.is_relative) continue;
        u64 distance = random.chance(90) ? random.below(100) : random_integer(random);
        if (distance < 15 && random.chance(50)) distance = -distance - 1;
        const u64 itself = -u64{instruction.length};
        const u64 mask = byte_mask(instruction.raw.imm[0].size / 8);
        if ((distance & mask) == (itself & mask)) distance = 0;
        std::memcpy(made.bytes.data() + instruction.raw.imm[0].offset, &distance,
                    instruction.raw.imm[0].size / 8);
    }
}

} // namespace

std::optional<MadeInstruction> make_instruction(const Form& form, bool is_amd, u64 rip, Random& random) {
    constexpr unsigned attempts = 16;
    for (unsigned attempt = 0; attempt < attempts; ++attempt) {
        MadeInstruction made{draw(form, attempt, random), {}};
        const auto has_form = [&] {
            auto decoded = decode_bytes(made.bytes, form.code_size, is_amd);
            if (!decoded || form_name(*decoded, form.code_size) != form.name) return false;
            made.decoded = *decoded;
            return reason_to_exclude(*decoded) == nullptr;
        };
        if (!has_form()) continue;
        made.bytes.resize(made.decoded.instruction.length);
        aim_displacement(made, rip + made.bytes.size(), form.code_size == CodeSize::bits64, random);
        aim_branch(made, random);
        if (has_form()) return made;
    }
    return std::nullopt;
}

} // namespace ringer::oracle
