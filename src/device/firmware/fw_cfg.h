#pragma once

#include "device/device.h"
#include "memory/address_space.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ringer::device {

/// QEMU's firmware configuration device (QEMU, docs/specs/fw_cfg): items, by number, and files, by name, that
/// firmware reads byte by byte or has copied into RAM. Nothing can be written.
class FwCfg final : public Device {
  public:
    static constexpr u64 select_size = 2, dma_size = 8;

    /// Items that firmware knows by number.
    static constexpr u16 cpu_count = 0x05, boot_menu = 0x0e, most_cpus = 0x0f;
    /// Whether the timer interrupt arrives at pin 2 of the I/O APIC.
    static constexpr u16 timer_override = 0x8002;

    /// `memory` is where items are copied to.
    explicit FwCfg(memory::AddressSpace& memory);

    /// Before the guest runs. Numbers that are not taken; names of at most 55 characters, no two
    /// alike.
    void add_item(u16 number, std::vector<u8> contents);
    void add_file(std::string_view name, std::vector<u8> contents);

    std::string_view name() const override { return "fw-cfg"; }
    void reset() override { state_ = {}; }
    void visit(state::Archive& archive) override;

    /// The selector, 16 bits wide, with the data register in its upper byte; and the address register of the
    /// DMA interface, which is big-endian.
    memory::Region& select_and_data() { return select_and_data_; }
    memory::Region& dma_address() { return dma_address_; }

  private:
    struct SelectAndData final : memory::Region {
        explicit SelectAndData(FwCfg& owner) : owner_(owner) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;
        FwCfg& owner_;
    };
    struct DmaAddress final : memory::Region {
        explicit DmaAddress(FwCfg& owner) : owner_(owner) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;
        FwCfg& owner_;
    };

    struct State {
        u16 selected = 0;
        u32 offset = 0;      ///< In the selected item, of the next byte.
        u64 dma_address = 0; ///< As far as it was written.
    };

    /// The rest of the selected item; empty past its end, and when there is no such item.
    std::span<const u8> rest() const;
    void select(u16 number);
    void skip(u64 count);
    u8 read_data();
    void run_dma();
    bool copy_out(GuestPhysical address, u32 length);
    void write_directory();

    memory::AddressSpace& memory_;
    std::map<u16, std::vector<u8>> items_;
    std::map<std::string, u16, std::less<>> files_; ///< Their items' numbers.
    State state_;
    SelectAndData select_and_data_{*this};
    DmaAddress dma_address_{*this};
};

} // namespace ringer::device
