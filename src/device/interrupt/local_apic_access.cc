// The register page, and the MSRs, of the local APIC.

#include "base/bits.h"
#include "device/interrupt/local_apic.h"

namespace ringer::device {

using local_apic::register_count;
using local_apic::register_rules;
using memory::Answer;

namespace {

constexpr unsigned register_stride = 16;

} // namespace

bool LocalApic::answers_at_page() const {
    return enabled() && !x2apic() && align_down(state_.base, region_size) == local_apic::default_base;
}

Answer LocalApic::read(u64 offset, unsigned size, u64& value) {
    value = ~u64{0};
    if (!answers_at_page()) return Answer::now;
    const u64 index = offset / register_stride;
    const unsigned byte = offset % register_stride;
    value = 0;
    if (index >= register_count || !register_rules[index].xapic) {
        record_error(local_apic::error_register);
        update();
    } else if (byte < sizeof(u32)) {
        value = read_register(static_cast<unsigned>(index)) >> 8 * byte & byte_mask(size);
    }
    return Answer::now;
}

Answer LocalApic::write(u64 offset, unsigned size, u64 value) {
    if (!answers_at_page() || offset % register_stride != 0 || size < sizeof(u32)) return Answer::now;
    const u64 index = offset / register_stride;
    if (index >= register_count || !register_rules[index].xapic)
        record_error(local_apic::error_register);
    else
        write_register(static_cast<unsigned>(index), static_cast<u32>(value));
    update();
    return Answer::now;
}

/// Write-only registers give 0.
u32 LocalApic::read_register(unsigned index) const {
    using namespace local_apic;
    if (index >= in_service && index < trigger_mode) return state_.in_service.words[index - in_service];
    if (index >= trigger_mode && index < interrupt_request)
        return state_.trigger_mode.words[index - trigger_mode];
    if (index >= interrupt_request && index < error_status)
        return state_.request.words[index - interrupt_request];
    if (index > lvt_timer && index <= lvt_error) return state_.lvt[index - lvt_timer];
    switch (index) {
    case local_apic::id: return x2apic() ? identity_.id : identity_.id << 24;
    case version: return version_value;
    case local_apic::task_priority: return state_.task_priority;
    case local_apic::arbitration_priority: return arbitration_priority_register();
    case local_apic::processor_priority: return processor_priority();
    case logical_destination: return logical_id();
    case destination_format: return state_.destination_format;
    case spurious_vector: return state_.spurious_vector;
    case error_status: return state_.error_status;
    case interrupt_command_low: return static_cast<u32>(state_.interrupt_command);
    case interrupt_command_high: return static_cast<u32>(state_.interrupt_command >> 32);
    case lvt_timer: return state_.lvt[0] | static_cast<u32>(timer_.mode()) << lvt_timer_mode_shift;
    case timer_initial_count: return timer_.initial_count();
    case timer_current_count: return timer_.current_count();
    case timer_divide: return timer_.divide_configuration();
    default: return 0;
    }
}

/// Read-only registers ignore it.
void LocalApic::write_register(unsigned index, u32 value) {
    using namespace local_apic;
    if (index >= lvt_timer && index <= lvt_error) return write_lvt(index - lvt_timer, value);
    switch (index) {
    case local_apic::task_priority: state_.task_priority = static_cast<u8>(value); return;
    case local_apic::end_of_interrupt: return end_of_interrupt();
    case logical_destination: state_.logical_destination = value & 0xff00'0000; return;
    case destination_format: state_.destination_format = value | 0x0fff'ffff; return;
    case spurious_vector: return write_spurious_vector(value);
    case error_status: return write_error_status();
    case interrupt_command_low:
        state_.interrupt_command =
            align_down(state_.interrupt_command, 1ull << 32) | (value & command_low_writable);
        return send_command();
    case interrupt_command_high:
        state_.interrupt_command =
            u64{value & 0xff00'0000} << 32 | static_cast<u32>(state_.interrupt_command);
        return;
    case timer_initial_count: return timer_.set_initial_count(value);
    case timer_divide: return timer_.set_divide_configuration(value);
    default: return;
    }
}

void LocalApic::write_spurious_vector(u32 value) {
    state_.spurious_vector = value & local_apic::spurious_writable;
    if (software_enabled()) return;
    for (u32& lvt : state_.lvt) lvt |= local_apic::lvt_masked;
}

void LocalApic::write_error_status() {
    state_.error_status = state_.pending_errors;
    state_.pending_errors = 0;
}

void LocalApic::write_lvt(unsigned entry, u32 value) {
    using namespace local_apic;
    value &= lvt_writable[entry];
    if (!software_enabled()) value |= lvt_masked;
    if (entry == 0) {
        timer_.set_mode(static_cast<LocalApicTimer::Mode>(bits(value, lvt_timer_mode_shift, 2)));
        value &= ~(u32{3} << lvt_timer_mode_shift);
    }
    const u32 remote_irr = state_.lvt[entry] & lvt_remote_irr;
    state_.lvt[entry] = value;
    if (entry != lvt_lint0 - lvt_timer || !lint0_is_level_triggered()) return;
    state_.lvt[entry] |= remote_irr;
    if (state_.pins[lint0]) lint_asserted(lint0);
}

std::optional<u64> LocalApic::read_msr(u32 number) const {
    using namespace local_apic;
    if (number == msr_apic_base) return state_.base;
    if (number == msr_tsc_deadline) return timer_.tsc_deadline();
    if (!x2apic() || number < msr_x2apic || number >= msr_x2apic + register_count) return std::nullopt;
    const unsigned index = number - msr_x2apic;
    if (!register_rules[index].x2apic_read) return std::nullopt;
    if (index == interrupt_command_low) return state_.interrupt_command;
    return read_register(index);
}

bool LocalApic::write_msr(u32 number, u64 value, u64 tsc_offset) {
    using namespace local_apic;
    if (number == msr_apic_base) return write_base(value);
    if (number == msr_tsc_deadline) {
        timer_.set_tsc_deadline(value, tsc_offset);
        return true;
    }
    if (!x2apic() || number < msr_x2apic || number >= msr_x2apic + register_count) return false;
    return write_x2apic_msr(number - msr_x2apic, value);
}

bool LocalApic::write_x2apic_msr(unsigned index, u64 value) {
    using namespace local_apic;
    const RegisterRule& rule = register_rules[index];
    if (!rule.x2apic_write) return false;
    const u64 defined =
        index == interrupt_command_low ? u64{rule.defined} | 0xffff'ffffull << 32 : rule.defined;
    if (value & ~defined) return false;
    if (index == interrupt_command_low) {
        state_.interrupt_command = value & ~u64{lvt_delivery_status};
        send_command();
    } else if (index == self_ipi) {
        send_self_ipi(static_cast<u8>(value));
    } else {
        write_register(index, static_cast<u32>(value));
    }
    update();
    return true;
}

/// SDM, "x2APIC State Transitions". Leaving x2APIC mode, or xAPIC mode but for x2APIC, passes through
/// disabled.
bool LocalApic::write_base(u64 value) {
    using namespace local_apic;
    const u64 reserved = ~u64{0} << identity_.physical_address_bits | 0x2ff;
    const bool was_enabled = enabled(), was_x2apic = x2apic();
    const bool enables = value & base_enable, enables_x2apic = value & base_x2apic;
    if (value & reserved) return false;
    if (enables_x2apic && (!enables || !was_enabled)) return false;
    if (was_x2apic && enables && !enables_x2apic) return false;
    state_.base = value;
    if (was_enabled && !enables) reset_registers();
    if (enables_x2apic && !was_x2apic) state_.interrupt_command &= 0xffff'ffff;
    update();
    return true;
}

} // namespace ringer::device
