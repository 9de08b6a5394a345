#include "input.h"
#include "small_machine.h"
#include "x86/access.h"
#include "x86/control_registers.h"
#include "x86/paging.h"

#include <array>
#include <bit>
#include <optional>

using namespace ringer;
using namespace ringer::fuzz;
using namespace ringer::x86;

namespace {

constexpr u64 far_ram = 0x1'0000'0000, far_ram_size = 0x2000; ///< Above 4 GiB.

/// RAM at two places, and a vCPU whose page tables are what the input makes of them.
class PagingLaboratory {
  public:
    explicit PagingLaboratory(Input& input) : input_(input) {
        machine_.memory().add_ram({.base = far_ram, .host = far_});
        choose_model();
        choose_state();
        for (unsigned count = input_.take<u8>(); count > 0 && !input_.is_empty(); --count) change_entry();
    }

    void run() {
        while (!input_.is_empty()) operate();
    }

  private:
    enum Mode : u8 { paging_32_bit, paging_pae, paging_4_level };

    void choose_model() {
        mode_ = static_cast<Mode>(input_.take<u8>() % 3);
        constexpr unsigned fewest_bits = 36, most_bits = 52;
        model_.physical_bits = fewest_bits + input_.take<u8>() % (most_bits - fewest_bits + 1);
        model_.is_amd = input_.take<u8>() & 1;
        model_.cr4_supported = cr4::pse | cr4::pae | cr4::pge | cr4::pcide | cr4::smep | cr4::smap;
        model_.efer_supported = efer::nxe | efer::lme;
    }

    void choose_state() {
        CpuState& state = cpu_.state;
        const bool is_long = mode_ == paging_4_level;
        state.cr0 = cr0::pe | cr0::pg | cr0::et | (input_.take<u32>() & (cr0::wp | cr0::am));
        state.cr4 = input_.take<u32>() & model_.cr4_supported & ~(is_long ? 0 : cr4::pcide);
        state.cr4 = mode_ == paging_32_bit ? state.cr4 & ~cr4::pae : state.cr4 | cr4::pae;
        state.msr.efer = input_.take<u16>() & efer::nxe;
        if (is_long) state.msr.efer |= efer::lme | efer::lma;
        state.cr3 = input_.take<u8>() & 1 ? input_.take<u64>() & bits(~u64{0}, 0, model_.physical_bits) : 0;
        if (!is_long) state.cr3 = static_cast<u32>(state.cr3);
        for (Segment& segment : state.segments)
            segment = {.selector = 0x10, .attributes = 0xc093, .limit = 0xffff'ffff, .base = 0};
        state.segments[cs].attributes = is_long ? 0xa09b : 0xc09b;
        choose_privilege();
        state_changed(cpu_);
    }

    void choose_privilege() {
        const u8 choice = input_.take<u8>();
        cpu_.state.cpl = choice & 1 ? 3 : 0;
        cpu_.state.rflags = flag::reserved_one | (choice & 2 ? flag::ac : 0);
        mode_changed(cpu_);
    }

    /// Near the tables' start half of the time, so that small tables translate something.
    u64 linear_address() {
        const u8 choice = input_.take<u8>();
        u64 linear = choice & 1 ? input_.take<u64>() : u64{input_.take<u16>()} << 4 | (choice >> 4);
        if (mode_ != paging_4_level) return static_cast<u32>(linear);
        return choice & 2 ? linear : static_cast<u64>(static_cast<i64>(linear << 16) >> 16);
    }

    void change_entry() {
        const u64 address = input_.take<u16>() % SmallMachine::ram_size & ~u64{7};
        const u8 choice = input_.take<u8>();
        u64 entry = 0;
        if (choice & 1)
            entry = input_.take<u64>();
        else // To a table or page of RAM.
            entry = u64{choice} >> 4 << 12 | (input_.take<u16>() & 0xfff) | (choice & 2 ? far_ram : 0);
        RINGER_ASSERT(machine_.memory().write(address, choice & 4 ? 4 : 8, entry) == memory::Answer::now);
    }

    void operate() {
        const u8 choice = input_.take<u8>();
        switch (choice & 7) {
        case 0: check_translation(linear_address(), choice); break;
        case 1: check_load(linear_address()); break;
        case 2: (void)store<u64>(cpu_, linear_address(), input_.take<u64>(), ds); break;
        case 3: move_bytes(choice); break;
        case 4: change_entry(); break;
        case 5: cpu_.tlb.flush_page(linear_address()); break;
        case 6: write_control_register(choice >> 3); break;
        default: choose_privilege(); break;
        }
    }

    void move_bytes(u8 choice) {
        std::array<u8, 64> bytes{};
        const unsigned size = 1 + input_.take<u8>() % bytes.size();
        const u64 linear = linear_address();
        if (choice & 8)
            (void)store_bytes(cpu_, linear, bytes.data(), size, ss);
        else
            (void)load_bytes(cpu_, linear, bytes.data(), size, ds);
        if (choice & 16) (void)system_store<u32>(cpu_, linear, choice);
        if (choice & 32) (void)check_writable(cpu_, linear, size, ds);
    }

    /// The mode stays, as CS does.
    void write_control_register(unsigned which) {
        const u64 value = input_.take<u64>();
        constexpr u64 cr0_fixed = cr0::pe | cr0::pg, cr4_fixed = cr4::pae;
        switch (which % 4) {
        case 0: (void)write_cr0(cpu_, value | cr0_fixed); break;
        case 1: (void)write_cr3(cpu_, mode_ == paging_4_level ? value : static_cast<u32>(value)); break;
        case 2: (void)write_cr4(cpu_, (value & ~cr4_fixed) | (cpu_.state.cr4 & cr4_fixed)); break;
        default: (void)write_efer(cpu_, (value & efer::nxe) | (cpu_.state.msr.efer & efer::lme)); break;
        }
    }

    void check_translation(u64 linear, u8 choice) {
        if (mode_ == paging_4_level && !is_canonical(linear)) return;
        const AccessRights rights{.access = static_cast<Access>((choice >> 3) % 3),
                                  .user = (choice & 32) != 0,
                                  .user_pages_closed = !(choice & 32) && (choice & 64)};
        const std::optional<GuestPhysical> inspected = inspect_translation(cpu_, linear);
        const Guest<Translation> found = translate(cpu_, linear, rights);
        if (!found) {
            const Exception& fault = cpu_.exception;
            RINGER_ASSERT(fault.vector == Vector::page_fault && fault.address == linear);
            constexpr u32 protection = 1, reserved = 8;
            const u32 why = fault.error_code & (protection | reserved);
            RINGER_ASSERT(inspected.has_value() == (why == protection) && why != reserved);
            return;
        }
        check_page(*found, linear);
        RINGER_ASSERT(inspected == found->address);
        // Accessed and dirty bits may have changed a table that is read as another one as well.
        if (inspect_translation(cpu_, linear) != inspected) return;
        const Guest<Translation> again = translate(cpu_, linear, rights);
        RINGER_ASSERT(again && again->address == found->address && again->page.bytes == found->page.bytes);
        if (rights.access == Access::write) RINGER_ASSERT(again->writable);
    }

    void check_page(const Translation& found, u64 linear) const {
        const u64 page = found.page.bytes;
        const bool size_exists = page == 4 * KiB || (page == 4 * MiB && mode_ == paging_32_bit) ||
                                 (page == 2 * MiB && mode_ != paging_32_bit) ||
                                 (page == GiB && mode_ == paging_4_level);
        RINGER_ASSERT(size_exists && (found.address ^ linear) % page == 0);
        RINGER_ASSERT(found.address < u64{1} << std::max(model_.physical_bits, 40u)); // 40: of PSE-36.
    }

    /// Where each byte of a quadword is mapped.
    std::array<std::optional<GuestPhysical>, 8> inspect_quadword(u64 linear) {
        std::array<std::optional<GuestPhysical>, 8> physical;
        for (unsigned i = 0; i < physical.size(); ++i)
            physical[i] = inspect_translation(cpu_, mode_ == paging_4_level ? linear + i
                                                                            : static_cast<u32>(linear + i));
        return physical;
    }

    /// What a load gives without anything cached is what stands where each of its bytes is mapped, unless its
    /// accessed bits have changed that.
    void check_load(u64 linear) {
        (void)load<u64>(cpu_, linear, ds);
        flush_tlb(cpu_);
        const auto physical = inspect_quadword(linear);
        const Guest<u64> value = load<u64>(cpu_, linear, ds);
        if (!value || inspect_quadword(linear) != physical) return;
        for (unsigned i = 0; i < physical.size(); ++i) {
            u64 byte = 0;
            RINGER_ASSERT(physical[i] &&
                          machine_.memory().read(*physical[i], 1, byte) == memory::Answer::now);
            RINGER_ASSERT(static_cast<u8>(*value >> (8 * i)) == static_cast<u8>(byte));
        }
    }

    Input& input_;
    Mode mode_ = paging_32_bit;
    std::vector<u8> far_ = std::vector<u8>(far_ram_size);
    CpuModel model_;
    SmallMachine machine_;
    Cpu cpu_{machine_, model_};
};

} // namespace

/// Whatever the page tables hold, and whatever is done with them, a walk ends, gives a page that the paging
/// mode has, and touches nothing but RAM.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    Input input(data, size);
    PagingLaboratory(input).run();
    return 0;
}
