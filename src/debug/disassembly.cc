#include "debug/disassembly.h"

#include <Zydis/Zydis.h>

#include <array>
#include <utility>

namespace ringer::debug {

namespace {

struct Machine {
    ZydisMachineMode mode;
    ZydisStackWidth stack_width;
};

Machine machine_of(x86::CodeMode mode) {
    switch (mode) {
    case x86::CodeMode::real16: return {ZYDIS_MACHINE_MODE_REAL_16, ZYDIS_STACK_WIDTH_16};
    case x86::CodeMode::protected16: return {ZYDIS_MACHINE_MODE_LEGACY_16, ZYDIS_STACK_WIDTH_16};
    case x86::CodeMode::protected32: return {ZYDIS_MACHINE_MODE_LEGACY_32, ZYDIS_STACK_WIDTH_32};
    case x86::CodeMode::long64: return {ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64};
    }
    std::unreachable();
}

} // namespace

std::optional<Disassembly> disassemble(std::span<const u8> bytes, x86::CodeMode mode, u64 address) {
    const Machine machine = machine_of(mode);
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, machine.mode, machine.stack_width);
    ZydisDecodedInstruction instruction;
    std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
    if (!ZYAN_SUCCESS(
            ZydisDecoderDecodeFull(&decoder, bytes.data(), bytes.size(), &instruction, operands.data())))
        return std::nullopt;

    ZydisFormatter formatter;
    ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
    std::array<char, 256> text;
    if (!ZYAN_SUCCESS(ZydisFormatterFormatInstruction(&formatter, &instruction, operands.data(),
                                                      instruction.operand_count_visible, text.data(),
                                                      text.size(), address, nullptr)))
        return std::nullopt;
    return Disassembly{text.data(), instruction.length};
}

} // namespace ringer::debug
