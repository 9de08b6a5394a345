#include "device/display/vga.h"

#include "device/display/vga_fixture.h"
#include "device/pci/pci_bus.h"

#include <gmock/gmock.h>

namespace ringer::device {
namespace {

using testing::ElementsAre;

class VgaTest : public testing::Test, protected fixture::VgaBench {
  protected:
    /// Mode 12h's: four planes, all of memory at 0xA0000.
    void set_planar() {
        port(0x3c2, 0xe3);
        sequencer(2, 0x0f);
        sequencer(4, 0x06);
        graphics(5, 0x00);
        graphics(6, 0x05);
        graphics(8, 0xff);
    }
    std::vector<u8> word(u64 number) const {
        return {memory.begin() + static_cast<long>(4 * number),
                memory.begin() + static_cast<long>(4 * number) + 4};
    }
    void put_word(u64 number, std::array<u8, 4> planes) { std::ranges::copy(planes, &memory[4 * number]); }
};

TEST_F(VgaTest, IsTheAdapterThatItsBiosKnows) {
    EXPECT_EQ(vga.read_config(0x00, 4), 0x1111'1234u);
    EXPECT_EQ(vga.read_config(0x08, 4), 0x0300'0002u);
    vga.write_config(0x10, 4, ~0u);
    vga.write_config(0x18, 4, ~0u);
    vga.write_config(0x30, 4, ~0u);
    EXPECT_EQ(vga.read_config(0x10, 4), 0xff00'0000u);
    EXPECT_EQ(vga.read_config(0x18, 4), 0xffff'f000u);
    EXPECT_EQ(vga.read_config(0x30, 4), 0xffff'0001u);
}

TEST_F(VgaTest, KeepsOnlyTheBitsThatRegistersHave) {
    port(0x3c2, 0x01);
    sequencer(1, 0xff);
    graphics(5, 0xff);
    crtc(0x0c, 0xff);
    attribute(0x03, 0xff);
    EXPECT_EQ(indexed(0x3c4, 1), 0x3d);
    EXPECT_EQ(indexed(0x3ce, 5), 0x7b);
    EXPECT_EQ(indexed(0x3d4, 0x0c), 0xff);
    EXPECT_EQ(indexed(0x3d4, 0x3f), 0x00) << "there is no such register";
    (void)port(0x3da);
    port(0x3c0, 0x03);
    EXPECT_EQ(port(0x3c1), 0x3f);
}

TEST_F(VgaTest, HasItsCrtControllerAtOneOfTwoPlaces) {
    port(0x3c2, 0x01);
    crtc(0x0c, 0x12);
    EXPECT_EQ(indexed(0x3b4, 0x0c), 0xff);
    port(0x3c2, 0x00);
    EXPECT_EQ(indexed(0x3b4, 0x0c), 0x12);
    EXPECT_EQ(indexed(0x3d4, 0x0c), 0xff);
}

TEST_F(VgaTest, ProtectsTheTimingOfLines) {
    port(0x3c2, 0x01);
    crtc(0x11, 0x80);
    crtc(0x00, 0x5f);
    crtc(0x07, 0xff);
    crtc(0x08, 0x01);
    EXPECT_EQ(indexed(0x3d4, 0x00), 0x00);
    EXPECT_EQ(indexed(0x3d4, 0x07), 0x10) << "the line compare bit is none of it";
    EXPECT_EQ(indexed(0x3d4, 0x08), 0x01);
}

TEST_F(VgaTest, CountsThroughThePalette) {
    color(0xff, 1, 2, 3);
    port(0x3c9, 4);
    port(0x3c9, 5);
    port(0x3c7, 0xff);
    EXPECT_EQ(port(0x3c7), 3);
    EXPECT_THAT((std::array{port(0x3c9), port(0x3c9), port(0x3c9), port(0x3c9)}), ElementsAre(1, 2, 3, 0))
        << "entry 0 has not got its blue";
}

TEST_F(VgaTest, TellsWhereTheBeamIsByTheClock) {
    set_text_mode();
    // 900 dots at 28.322 MHz a line, 449 lines, of which 400 are shown.
    EXPECT_EQ(port(0x3da), 0x00);
    clock.set(26'000);
    EXPECT_EQ(port(0x3da), 0x01) << "to the right of the picture";
    clock.set(410 * 31'777);
    EXPECT_EQ(port(0x3da), 0x09) << "below it";
    clock.set(450 * 31'777 + 1'000);
    EXPECT_EQ(port(0x3da), 0x00);
}

TEST_F(VgaTest, WritesTextToTwoPlanes) {
    set_text_mode();
    poke(0xb'8000, 'A');
    poke(0xb'8001, 0x1f);
    poke(0xb'8f9e, 'Z');
    EXPECT_THAT(word(0), ElementsAre('A', 0x1f, 0, 0));
    EXPECT_EQ(memory[4 * (0xf9e / 2)], 'Z');
    EXPECT_EQ(peek(0xb'8001), 0x1f);
    EXPECT_EQ(peek(0xa'0000), 0xff) << "nothing answers there in this mode";
    EXPECT_EQ(peek(0xb'0000), 0xff);
}

TEST_F(VgaTest, WritesByItsMapMask) {
    set_planar();
    sequencer(2, 0x05);
    poke(0xa'0010, 0x81);
    EXPECT_THAT(word(0x10), ElementsAre(0x81, 0, 0x81, 0));
}

TEST_F(VgaTest, WriteMode0RotatesAndSetsAndMasks) {
    set_planar();
    put_word(0, {0x0f, 0x0f, 0x0f, 0x0f});
    (void)peek(0xa'0000);
    graphics(0, 0x02); // set/reset
    graphics(1, 0x03); // of planes 0 and 1
    graphics(3, 0x04); // rotate
    graphics(8, 0xf8);
    poke(0xa'0000, 0x5a);
    EXPECT_THAT(word(0), ElementsAre(0x07, 0xff, 0xa7, 0xa7));
}

TEST_F(VgaTest, CombinesWithTheLatches) {
    set_planar();
    put_word(0, {0xcc, 0xcc, 0xcc, 0xcc});
    for (const auto& [function, expected] : {std::pair<u8, u8>{0x08, 0x88}, {0x10, 0xee}, {0x18, 0x66}}) {
        (void)peek(0xa'0000);
        graphics(3, function);
        poke(0xa'0001, 0xaa);
        EXPECT_THAT(word(1), ElementsAre(expected, expected, expected, expected)) << int{function};
    }
}

TEST_F(VgaTest, WriteMode1CopiesTheLatches) {
    set_planar();
    put_word(5, {1, 2, 3, 4});
    graphics(5, 0x01);
    (void)peek(0xa'0005);
    poke(0xa'0006, 0xff);
    EXPECT_THAT(word(6), ElementsAre(1, 2, 3, 4));
}

TEST_F(VgaTest, WriteMode2TakesAColor) {
    set_planar();
    put_word(0, {0, 0xff, 0, 0xff});
    graphics(5, 0x02);
    graphics(8, 0xf0);
    (void)peek(0xa'0000);
    poke(0xa'0000, 0x05);
    EXPECT_THAT(word(0), ElementsAre(0xf0, 0x0f, 0xf0, 0x0f));
}

TEST_F(VgaTest, WriteMode3MasksByTheData) {
    set_planar();
    graphics(0, 0x0a);
    graphics(5, 0x03);
    graphics(8, 0x3c);
    (void)peek(0xa'0000);
    poke(0xa'0000, 0x0f);
    EXPECT_THAT(word(0), ElementsAre(0, 0x0c, 0, 0x0c));
}

TEST_F(VgaTest, ReadsAPlaneOrComparesColors) {
    set_planar();
    put_word(0, {0xf0, 0xcc, 0xaa, 0x00});
    graphics(4, 2);
    EXPECT_EQ(peek(0xa'0000), 0xaa);
    graphics(5, 0x08);
    graphics(2, 0x03);
    graphics(7, 0x0f);
    EXPECT_EQ(peek(0xa'0000), 0xc0 & 0x55) << "planes 0 and 1 set, 2 and 3 not";
    graphics(7, 0x00);
    EXPECT_EQ(peek(0xa'0000), 0xff) << "no plane matters";
}

TEST_F(VgaTest, Chain4CountsBytesThroughThePlanes) {
    set_planar();
    sequencer(4, 0x0e);
    poke(0xa'0007, 0x99);
    EXPECT_EQ(memory[7], 0x99);
    EXPECT_EQ(peek(0xa'0007), 0x99);
    sequencer(2, 0x07);
    poke(0xa'0007, 0x11);
    EXPECT_EQ(memory[7], 0x99) << "plane 3 is not written";
}

TEST_F(VgaTest, NothingAnswersWhileMemoryIsOff) {
    set_planar();
    port(0x3c2, 0x01);
    poke(0xa'0000, 1);
    EXPECT_EQ(peek(0xa'0000), 0xff);
    EXPECT_EQ(memory[0], 0);
}

TEST_F(VgaTest, SetsAModeOfTheBochsInterfaceAndClearsItsMemory) {
    EXPECT_EQ(vbe(BochsVbe::id), 0xb0c5);
    EXPECT_EQ(vbe(BochsVbe::memory_64k), 256);
    memory[640 * 480 * 4 - 1] = 1;
    memory[640 * 480 * 4] = 2;
    set_vbe_mode(640, 480, 32);
    EXPECT_EQ(memory[640 * 480 * 4 - 1], 0);
    EXPECT_EQ(memory[640 * 480 * 4], 2) << "behind the mode's";
    EXPECT_EQ(vbe(BochsVbe::virtual_width), 640);
    EXPECT_EQ(vbe(BochsVbe::virtual_height), Vga::memory_size / (640 * 4));
    memory[0] = 1;
    set_vbe_mode(640, 480, 32, BochsVbe::enabled | BochsVbe::keep_memory);
    EXPECT_EQ(memory[0], 1);
}

TEST_F(VgaTest, FitsWhatTheGuestAsksForIntoMemory) {
    set_vbe_mode(0xffff, 0xffff, 32);
    EXPECT_EQ(vbe(BochsVbe::width), 2560);
    EXPECT_EQ(vbe(BochsVbe::height), 1600);
    vbe(BochsVbe::virtual_width, 0xffff);
    vbe(BochsVbe::y_offset, 0xffff);
    vbe(BochsVbe::x_offset, 0xffff);
    const BochsVbe& mode = vga.vbe();
    EXPECT_LE(mode.start() + (mode.lines() - 1) * mode.line_bytes() + mode.columns() * 4, Vga::memory_size);
    vbe(BochsVbe::enable, BochsVbe::enabled | BochsVbe::tell_limits);
    EXPECT_EQ(vbe(BochsVbe::depth), 32);
    vbe(BochsVbe::depth, 7);
    vbe(BochsVbe::enable, BochsVbe::enabled);
    EXPECT_EQ(vbe(BochsVbe::depth), 32) << "there is no such depth";
}

TEST(Vga, HasAsMuchMemoryAsItIsGiven) {
    std::vector<u8> memory(Vga::least_memory);
    memory::AddressSpace space;
    const fixture::ManualClock clock;
    Vga vga(space, clock, memory, {});
    vga.write_config(0x10, 4, ~0u);
    EXPECT_EQ(vga.read_config(0x10, 4), 0xfffc'0000u);
    u64 units = 0;
    ASSERT_EQ(vga.vbe_ports().write(0, 2, BochsVbe::memory_64k), memory::Answer::now);
    ASSERT_EQ(vga.vbe_ports().read(1, 2, units), memory::Answer::now);
    EXPECT_EQ(units, 4u);
}

TEST_F(VgaTest, ShowsABankInTheWindow) {
    set_planar();
    set_vbe_mode(640, 480, 8);
    vbe(BochsVbe::bank, 3);
    poke(0xa'0005, 0x42);
    EXPECT_EQ(memory[0x3'0005], 0x42);
    EXPECT_EQ(peek(0xa'0005), 0x42);
    EXPECT_EQ(peek(0xb'0000), 0xff);
}

TEST_F(VgaTest, MapsItsMemoryAsRamWhereTheGuestPutsIt) {
    memory[5] = 0x77;
    vga.write_config(0x10, 4, 0xfd00'0000);
    EXPECT_EQ(space.ram(0xfd00'0005), nullptr) << "not enabled yet";
    vga.write_config(0x04, 2, 0x0003);
    EXPECT_EQ(space.ram(0xfd00'0005), &memory[5]);
    vga.write_config(0x10, 4, 0xe000'0000);
    EXPECT_EQ(space.ram(0xfd00'0005), nullptr);
    EXPECT_EQ(space.ram(0xe000'0005), &memory[5]);
    set_text_mode();
    poke(0xb'8000, 'x');
    EXPECT_TRUE(*space.page_flags(0xe000'0000) & memory::page_dirty) << "the window writes the same memory";
    vga.reset();
    EXPECT_EQ(space.ram(0xe000'0005), nullptr);
}

TEST_F(VgaTest, AnswersByItsBarWhereItCannotBeSeenAsRam) {
    std::vector<u8> ram(memory::page_size);
    space.add_ram({0xe000'0000, ram});
    PciBus bus;
    bus.attach({.device = 2, .function = 0}, vga);
    vga.write_config(0x10, 4, 0xe000'0000);
    vga.write_config(0x04, 2, 0x0003);
    EXPECT_EQ(space.ram(0xe000'2000), nullptr);
    fixture::out(bus.memory_space(), 0xe000'2000, 0x12);
    EXPECT_EQ(memory[0x2000], 0x12);
    EXPECT_EQ(fixture::in(bus.memory_space(), 0xe000'2000), 0x12);
}

TEST_F(VgaTest, HasItsRegistersOnceMoreInMemory) {
    PciBus bus;
    bus.attach({.device = 2, .function = 0}, vga);
    vga.write_config(0x18, 4, 0xfe00'0000);
    vga.write_config(0x04, 2, 0x0002);
    memory::Region& bus_memory = bus.memory_space();
    u64 value = 0;
    ASSERT_EQ(bus_memory.read(0xfe00'0500, 2, value), memory::Answer::now);
    EXPECT_EQ(value & 0xffff, 0xb0c5u);
    ASSERT_EQ(bus_memory.write(0xfe00'0502, 2, 800), memory::Answer::now);
    EXPECT_EQ(vbe(BochsVbe::width), 800);
    ASSERT_EQ(bus_memory.write(0xfe00'0404, 2, 0x0f02), memory::Answer::now);
    EXPECT_EQ(indexed(0x3c4, 2), 0x0f);
    ASSERT_EQ(bus_memory.read(0xfe00'0604, 4, value), memory::Answer::now);
    EXPECT_EQ(static_cast<u32>(value), 0x1e1e'1e1eu);
    ASSERT_EQ(bus_memory.read(0xfe00'0000, 1, value), memory::Answer::now);
    EXPECT_EQ(static_cast<u8>(value), 0xff) << "no EDID";
}

TEST_F(VgaTest, LoadsWhatItSaved) {
    set_text_mode();
    set_vbe_mode(800, 600, 16);
    vga.write_config(0x10, 4, 0xe000'0000);
    vga.write_config(0x04, 2, 0x0003);
    VgaBench other;
    fixture::copy(vga, other.vga);
    EXPECT_EQ(fixture::saved(other.vga), fixture::saved(vga));
    EXPECT_EQ(other.space.ram(0xe000'0000), other.memory.data());
    EXPECT_EQ(other.vga.vbe().columns(), 800u);
}

} // namespace
} // namespace ringer::device
