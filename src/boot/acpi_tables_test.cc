#include "boot/acpi_tables.h"

#include "boot/aml.h"
#include "boot/little_endian.h"

#include <algorithm>
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <string>

namespace ringer::boot {
namespace {

constexpr GuestPhysical base = 0xe'0000;

/// The tables as a guest sees them: by address.
class AcpiTables : public testing::Test {
  protected:
    explicit AcpiTables(const AcpiMachine& machine = {.cpus = 2})
        : area_(placed(acpi_tables(machine), base)) {}

    template <class T>
    T at(GuestPhysical address) const {
        return get<T>(area_, address - base).value();
    }
    std::string text(GuestPhysical address, std::size_t size) const {
        return {area_.begin() + static_cast<long>(address - base),
                area_.begin() + static_cast<long>(address - base + size)};
    }
    u8 sum(GuestPhysical address, u64 size) const {
        const auto bytes = std::span(area_).subspan(address - base, size);
        return std::accumulate(bytes.begin(), bytes.end(), u8{0});
    }
    GuestPhysical xsdt() const { return at<u64>(base + 24); }
    GuestPhysical table(std::string_view signature) const {
        for (GuestPhysical entry = xsdt() + 36; entry < xsdt() + at<u32>(xsdt() + 4); entry += 8)
            if (text(at<u64>(entry), 4) == signature) return at<u64>(entry);
        ADD_FAILURE() << "no " << signature;
        return base;
    }

    std::vector<u8> area_;
};

TEST_F(AcpiTables, TheRootPointerIsFoundByScanning) {
    EXPECT_EQ(text(base, 8), "RSD PTR ");
    EXPECT_EQ(at<u8>(base + 15), 2);
    EXPECT_EQ(at<u32>(base + 20), 36u);
    EXPECT_EQ(sum(base, 20), 0);
    EXPECT_EQ(sum(base, 36), 0);
}

TEST_F(AcpiTables, EveryTableHasItsLengthAndChecksum) {
    const GuestPhysical fadt = table("FACP");
    const std::pair<GuestPhysical, std::string> tables[] = {
        {xsdt(), "XSDT"}, {fadt, "FACP"}, {table("APIC"), "APIC"}, {at<u32>(fadt + 40), "DSDT"}};
    for (const auto& [address, signature] : tables) {
        EXPECT_EQ(text(address, 4), signature);
        EXPECT_EQ(sum(address, at<u32>(address + 4)), 0) << signature;
    }
}

TEST_F(AcpiTables, TheFadtTellsWherePowerManagementIs) {
    const GuestPhysical fadt = table("FACP");
    EXPECT_EQ(at<u32>(fadt + 4), 276u);
    EXPECT_EQ(at<u8>(fadt + 8), 6);
    EXPECT_EQ(at<u16>(fadt + 46), 9); // SCI_INT
    EXPECT_EQ(at<u32>(fadt + 48), 0xb2u);
    EXPECT_EQ(at<u8>(fadt + 52), 0xf1);
    EXPECT_EQ(at<u8>(fadt + 53), 0xf0);
    struct Block {
        u64 port_at, length_at, generic_at;
        u16 port;
        u8 length;
    };
    for (const Block& block : {Block{56, 88, 148, 0x600, 4}, Block{64, 89, 172, 0x604, 2},
                               Block{76, 91, 208, 0x608, 4}, Block{80, 92, 220, 0x620, 4}}) {
        EXPECT_EQ(at<u32>(fadt + block.port_at), block.port);
        EXPECT_EQ(at<u8>(fadt + block.length_at), block.length);
        EXPECT_EQ(at<u8>(fadt + block.generic_at), 1) << "in I/O space";
        EXPECT_EQ(at<u8>(fadt + block.generic_at + 1), 8 * block.length);
        EXPECT_EQ(at<u64>(fadt + block.generic_at + 4), block.port);
    }
    EXPECT_EQ(at<u8>(fadt + 108), 0x32);            // CENTURY
    EXPECT_EQ(at<u16>(fadt + 109), 0b11);           // legacy devices, an 8042
    EXPECT_EQ(at<u32>(fadt + 112) & 0x500, 0x500u); // 32-bit timer, reset register
    EXPECT_EQ(at<u8>(fadt + 116), 1);
    EXPECT_EQ(at<u64>(fadt + 120), 0xcf9u);
    EXPECT_EQ(at<u8>(fadt + 128), 0x06);
    EXPECT_EQ(at<u64>(fadt + 140), at<u32>(fadt + 40));
}

TEST_F(AcpiTables, TheFacsIsAligned) {
    const GuestPhysical facs = at<u32>(table("FACP") + 36);
    EXPECT_EQ(facs % 64, 0u);
    EXPECT_EQ(text(facs, 4), "FACS");
    EXPECT_EQ(at<u32>(facs + 4), 64u);
}

TEST_F(AcpiTables, TheMadtListsInterruptControllers) {
    const GuestPhysical madt = table("APIC");
    EXPECT_EQ(at<u32>(madt + 36), 0xfee0'0000u);
    EXPECT_EQ(at<u32>(madt + 40), 1u);
    const std::vector<u8> expected{
        0, 8,  0,    0, 1, 0, 0,    0,    0,   8, 1, 1, 1, 0, 0, 0, // local APICs 0 and 1
        1, 12, 0,    0, 0, 0, 0xc0, 0xfe, 0,   0, 0, 0,             // I/O APIC
        2, 10, 0,    0, 2, 0, 0,    0,    0,   0,                   // IRQ 0 at pin 2
        2, 10, 0,    9, 9, 0, 0,    0,    0xd, 0,                   // SCI, level, active high
        4, 6,  0xff, 0, 0, 1,                                       // NMI at LINT1
    };
    ASSERT_EQ(at<u32>(madt + 4), 44 + expected.size());
    EXPECT_EQ(text(madt + 44, expected.size()), std::string(expected.begin(), expected.end()));
}

TEST_F(AcpiTables, TheDsdtHoldsTheMachinesDevices) {
    const GuestPhysical dsdt = at<u32>(table("FACP") + 40);
    const std::string code = text(dsdt, at<u32>(dsdt + 4));
    const auto holds = [&](const aml::Code& part) {
        return code.find(std::string(part.begin(), part.end())) != code.npos;
    };
    for (std::string_view id : {"PNP0A03", "PNP0000", "PNP0100", "PNP0B00", "PNP0501", "PNP0C02"})
        EXPECT_TRUE(holds(aml::name("_HID", aml::eisa_id(id)))) << id;
    EXPECT_TRUE(holds(aml::name("_HID", aml::string("QEMU0001"))));
    EXPECT_TRUE(holds(aml::resource::template_of({aml::resource::io(0x3f8, 8), aml::resource::irq(4)})));
    EXPECT_TRUE(holds(aml::resource::template_of({aml::resource::io(0x2f8, 8), aml::resource::irq(3)})));
    EXPECT_TRUE(holds(aml::resource::template_of({aml::resource::io(0x505, 1)})));
    EXPECT_TRUE(holds(aml::name("_HID", aml::eisa_id("PNP0200"))));
    EXPECT_FALSE(holds(aml::name("_HID", aml::eisa_id("PNP0700")))) << "a floppy controller without drives";
    // INTB# of device 3: I/O APIC pin 20.
    EXPECT_TRUE(holds(aml::package(
        std::vector{aml::integer(0x3'ffff), aml::integer(1), aml::integer(0), aml::integer(20)})));
    // By the 8259s: PIRQD#, IRQ 11.
    EXPECT_TRUE(holds(aml::package(
        std::vector{aml::integer(0x3'ffff), aml::integer(1), aml::integer(0), aml::integer(11)})));
    EXPECT_TRUE(holds(aml::method("\\_PIC", 1, aml::store(aml::argument(0), "\\APIC"))));
}

class AcpiTablesWithFloppies : public AcpiTables {
  protected:
    AcpiTablesWithFloppies()
        : AcpiTables({.floppies = {device::FloppyFormat::of_size(1474560).value(),
                                   device::FloppyFormat::of_size(368640).value()}}) {}
};

TEST_F(AcpiTablesWithFloppies, TheDsdtTellsOfTheDrives) {
    const GuestPhysical dsdt = at<u32>(table("FACP") + 40);
    const std::string code = text(dsdt, at<u32>(dsdt + 4));
    const auto holds = [&](const aml::Code& part) {
        return code.find(std::string(part.begin(), part.end())) != code.npos;
    };
    EXPECT_TRUE(holds(aml::name("_HID", aml::eisa_id("PNP0700"))));
    EXPECT_TRUE(holds(aml::resource::template_of({aml::resource::io(0x3f0, 6), aml::resource::io(0x3f7, 1),
                                                  aml::resource::irq(6), aml::resource::dma(2)})));
    EXPECT_TRUE(holds(aml::name_string("_FDI")));
    for (const auto& first : {std::array<u64, 5>{0, 4, 79, 18, 1}, std::array<u64, 5>{1, 1, 39, 9, 1}}) {
        aml::Code elements;
        for (const u64 value : first) {
            const aml::Code element = aml::integer(value);
            elements.insert(elements.end(), element.begin(), element.end());
        }
        EXPECT_TRUE(holds(elements)) << first[0];
    }
}

TEST_F(AcpiTables, TheHpetTableTellsWhereItIs) {
    const GuestPhysical hpet = table("HPET");
    EXPECT_EQ(at<u32>(hpet + 4), 56u);
    EXPECT_EQ(sum(hpet, 56), 0);
    EXPECT_EQ(at<u32>(hpet + 36), 0x8086'a201u);
    EXPECT_EQ(at<u8>(hpet + 40), 0) << "in memory";
    EXPECT_EQ(at<u64>(hpet + 44), 0xfed0'0000u);
}

TEST(AcpiTablesSize, AllCpusFitTheFirmwareArea) {
    EXPECT_LE(placed(acpi_tables({.cpus = most_cpus}), base).size(), 0x2'0000u);
    EXPECT_EQ(placed(acpi_tables({}), base).size() % 64, 0u);
}

} // namespace
} // namespace ringer::boot
