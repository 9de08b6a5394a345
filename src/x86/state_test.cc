#include "x86/state.h"

#include "state/describer.h"
#include "state/reader.h"
#include "state/writer.h"

#include <gtest/gtest.h>

namespace ringer::x86 {

namespace {

/// A state that differs from a fresh one in every struct.
CpuState distinct_state() {
    CpuState state = reset_state();
    for (unsigned i = 0; i < state.gpr.size(); ++i) state.gpr[i] = 0x1111'2222'3333'0000 + i;
    state.rip = 0xffff'8000'1234'5678;
    state.rflags = flag::writable;
    for (unsigned i = 0; i < state.segments.size(); ++i)
        state.segments[i] = {.selector = static_cast<u16>(8 * i + 1),
                             .attributes = static_cast<u16>(0xc093 + i),
                             .limit = 0x1000 + i,
                             .base = 0xffff'8000'0000'0000 + i};
    state.ldtr = {.selector = 0x50, .attributes = 0x82, .limit = 7, .base = 0x7000};
    state.tr = {.selector = 0x40, .attributes = 0x8b, .limit = 0x67, .base = 0x8000};
    state.gdtr = {.base = 0x1000, .limit = 0x7f};
    state.idtr = {.base = 0x2000, .limit = 0xfff};
    state.cr2 = state.cr3 = state.cr4 = 0x5000;
    state.msr.mtrr_variable[15] = 0x800;
    state.msr.mtrr_fixed[10] = 0x0606;
    state.msr.kernel_gs_base = 0xffff'8888'0000'0000;
    state.msr.tsc_offset = static_cast<u64>(-77);
    state.x87.st[7][9] = 0x80;
    state.vector.ymm[15][31] = 0xaa;
    state.cpl = 3;
    state.activity = Activity::halted;
    state.interrupt_shadow = InterruptShadow::events;
    state.pending_debug = 0x4000;
    state.nmi_pending = state.nmi_blocked = state.init_pending = true;
    state.retired = 1234567890123;
    return state;
}

nlohmann::ordered_json describe(CpuState state) {
    state::Describer describer;
    visit(describer, state);
    return describer.finish();
}

TEST(CpuStateTest, SavedAndLoadedStateIsTheSame) {
    CpuState saved = distinct_state();
    state::Writer writer;
    visit(writer, saved);
    const std::vector<u8> file = writer.finish();
    CpuState loaded = reset_state();
    state::Reader reader(file, "test");
    visit(reader, loaded);
    ASSERT_TRUE(reader.finish());
    EXPECT_EQ(describe(loaded), describe(distinct_state()));
    EXPECT_NE(describe(loaded), describe(reset_state()));
}

TEST(CpuStateTest, ResetIsTheManuals) {
    const CpuState state = reset_state();
    EXPECT_EQ(state.rip, 0xfff0u);
    EXPECT_EQ(state.rflags, 2u);
    EXPECT_EQ(state.cr0, 0x6000'0010u);
    EXPECT_EQ(state.segments[cs].selector, 0xf000);
    EXPECT_EQ(state.segments[cs].base, 0xffff'0000u);
    EXPECT_EQ(state.segments[ds].attributes, 0x93);
    EXPECT_EQ(state.idtr.limit, 0xffff);
    EXPECT_EQ(state.dr7, 0x400u);
    EXPECT_EQ(state.dr6, 0xffff'0ff0u);
}

TEST(CpuStateTest, InitKeepsCacheControlAndMostMsrs) {
    CpuState before = distinct_state();
    before.cr0 = cr0::pe | cr0::pg;
    before.msr.efer = efer::lme | efer::lma;
    const CpuState after = init_state(before);
    EXPECT_EQ(after.cr0, cr0::et);
    EXPECT_EQ(after.msr.efer, 0u);
    EXPECT_EQ(after.msr.tsc_offset, before.msr.tsc_offset);
    EXPECT_EQ(after.vector.ymm, before.vector.ymm);
    EXPECT_EQ(after.retired, before.retired);
    EXPECT_FALSE(after.nmi_pending || after.nmi_blocked || after.init_pending);
    EXPECT_EQ(after.cpl, 0);
}

} // namespace

} // namespace ringer::x86
