#include "device/virtio/virtio_pci.h"

#include "base/bits.h"

#include <fmt/format.h>

namespace ringer::device {

using memory::Answer;

namespace {

// PCI configuration (4.1.2).
constexpr u16 vendor = 0x1af4, first_device = 0x1040, subsystem = 0x1100;
constexpr u8 status_offset = 0x06, interrupt_status_bit = 1 << 3;
constexpr unsigned structures_bar = 0, msix_bar = 1;

// Vendor-specific capabilities that tell where the structures are (4.1.4): id, link, length, type, then the
// fields below.
constexpr u8 vendor_specific = 0x09;
constexpr u8 bar_offset = 4, offset_offset = 8, length_offset = 12, extra_offset = 16;
constexpr unsigned capability_size = 16, long_capability_size = 20;
enum class Structure : u8 { common = 1, notify, interrupt_status, device, window };

/// Each structure has a page of the region, in this order.
constexpr u64 structure_size = 0x1000;
enum Page : u64 { common_page, interrupt_status_page, device_page, notify_page, pages };
constexpr u32 common_length = 0x38, notify_multiplier = 4;

// Device status (2.1).
constexpr u8 driver_ok = 1 << 2, features_ok = 1 << 3, needs_reset = 1 << 6;

// ISR status (4.1.4.5).
constexpr u8 queue_interrupt = 1 << 0, configuration_interrupt = 1 << 1;

/// The common configuration (4.1.4.3).
enum CommonField : u64 {
    device_feature_select = 0,
    device_feature = 4,
    driver_feature_select = 8,
    driver_feature = 12,
    configuration_vector_field = 16,
    queue_count = 18,
    device_status = 20,
    configuration_generation_field = 21,
    queue_select_field = 22,
    queue_size = 24,
    queue_vector = 26,
    queue_enable = 28,
    queue_notify_offset = 30,
    queue_descriptors = 32,
    queue_driver = 40,
    queue_device = 48,
};

/// A little-endian structure as it is read.
class Image {
  public:
    void put(u64 offset, unsigned size, u64 value) {
        for (unsigned i = 0; i < size; ++i) bytes_[offset + i] = static_cast<u8>(value >> 8 * i);
    }
    u64 get(u64 offset, unsigned size) const {
        u64 value = 0;
        for (unsigned i = 0; i < size && offset + i < bytes_.size(); ++i)
            value |= u64{bytes_[offset + i]} << 8 * i;
        return value;
    }

  private:
    std::array<u8, common_length> bytes_{};
};

} // namespace

VirtioPci::VirtioPci(std::string name, std::unique_ptr<VirtioDevice> device, memory::AddressSpace& memory,
                     InterruptBus& bus)
    : name_(std::move(name)), device_(std::move(device)),
      msix_(config_, bars_, msix_bar, static_cast<unsigned>(device_->queue_sizes().size()) + 1, bus) {
    for (const u16 size : device_->queue_sizes()) queues_.emplace_back(memory, size);
    config_.define({.vendor = vendor,
                    .device = static_cast<u16>(first_device + device_->type()),
                    .revision = 1,
                    .class_code = device_->class_code(),
                    .subsystem_vendor = vendor,
                    .subsystem = subsystem});
    config_.define(pci_command::offset, 2, 0,
                   pci_command::memory_space | pci_command::bus_master | pci_command::interrupt_disable);
    config_.define(0x3c, 1, 0, 0xff); // interrupt line
    config_.define(0x3d, 1, 1);       // INTA#
    bars_.add(structures_bar, PciSpace::memory, pages * structure_size, structures_);
    define_capabilities();
    device_->attach(*this);
    reset();
}

void VirtioPci::define_capabilities() {
    const auto add = [this](Structure type, u64 page, u32 length, unsigned size) {
        const u8 offset = config_.add_capability(vendor_specific, size);
        config_.define(offset + 2, 1, size);
        config_.define(offset + 3, 1, static_cast<u8>(type));
        config_.define(offset + bar_offset, 1, structures_bar);
        config_.define(offset + offset_offset, 4, static_cast<u32>(page * structure_size));
        config_.define(offset + length_offset, 4, length);
        return offset;
    };
    constexpr auto whole = static_cast<u32>(structure_size);
    add(Structure::common, common_page, common_length, capability_size);
    add(Structure::interrupt_status, interrupt_status_page, 1, capability_size);
    add(Structure::device, device_page, whole, capability_size);
    const u8 notify = add(Structure::notify, notify_page, whole, long_capability_size);
    config_.define(notify + extra_offset, 4, notify_multiplier);
    window_ = add(Structure::window, 0, 0, long_capability_size);
    config_.define(window_ + bar_offset, 1, 0, 0xff);
    config_.define(window_ + offset_offset, 4, 0, ~0u);
    config_.define(window_ + length_offset, 4, 0, ~0u);
    config_.define(window_ + extra_offset, 4, 0, ~0u);
}

void VirtioPci::reset() {
    config_.reset();
    msix_.reset();
    reset_device();
}

void VirtioPci::reset_device() {
    state_ = {};
    for (VirtioQueue& queue : queues_) queue.reset();
    device_->reset();
    update_pin();
}

void VirtioPci::visit(state::Archive& archive) {
    auto& [feature_select, driver_select, features, configuration_vector, queue_select, status, generation,
           interrupt_status] = state_;
    archive.field(1, "config", config_)
        .field(2, "msix", msix_)
        .field(3, "device_feature_select", feature_select)
        .field(4, "driver_feature_select", driver_select)
        .field(5, "driver_features", features)
        .field(6, "configuration_vector", configuration_vector)
        .field(7, "queue_select", queue_select)
        .field(8, "status", status)
        .field(9, "configuration_generation", generation)
        .field(10, "interrupt_status", interrupt_status);
    constexpr u16 first_queue = 16;
    for (std::size_t i = 0; i < queues_.size(); ++i) {
        const std::string name = fmt::format("queue{}", i);
        archive.field(static_cast<u16>(first_queue + i), name, queues_[i]);
    }
    device_->visit(archive);
    interrupt_.restore(pin_level());
}

u64 VirtioPci::offered_features() const {
    using namespace virtio_feature;
    return device_->features() | u64{1} << indirect_descriptors | u64{1} << event_index |
           u64{1} << version_1 | u64{device_->has_packed_rings()} << packed_ring;
}

// Configuration space.

u32 VirtioPci::read_config(u8 offset, unsigned size) {
    if (reaches_window(offset, size)) access_window(false);
    u32 value = config_.read(offset, size);
    if (offset <= status_offset && offset + size > status_offset && state_.interrupt_status)
        value |= u32{interrupt_status_bit} << 8 * (status_offset - offset);
    return value;
}

void VirtioPci::write_config(u8 offset, unsigned size, u32 value) {
    const bool was_running = is_running();
    config_.write(offset, size, value);
    if (reaches_window(offset, size)) access_window(true);
    msix_.config_written();
    update_pin();
    if (is_running() && !was_running) start();
}

bool VirtioPci::reaches_window(u8 offset, unsigned size) const {
    const u8 data = window_ + extra_offset;
    return offset < data + 4 && offset + size > data;
}

/// Carries out the access that the window's other fields describe, with its data (4.1.4.9.1).
void VirtioPci::access_window(bool writes) {
    const u32 offset = config_.read(window_ + offset_offset, 4);
    const u32 length = config_.read(window_ + length_offset, 4);
    const bool is_valid = length == 1 || length == 2 || length == 4;
    if (!is_valid || config_.read(window_ + bar_offset, 1) != structures_bar || !is_aligned(offset, length) ||
        offset >= pages * structure_size)
        return;
    const u8 data = window_ + extra_offset;
    if (writes)
        write_structure(offset, length, config_.read(data, length));
    else
        config_.write(data, length, static_cast<u32>(read_structure(offset, length)));
}

// The structures.

Answer VirtioPci::Structures::read(u64 offset, unsigned size, u64& value) {
    value = owner_.read_structure(offset, size);
    return Answer::now;
}

Answer VirtioPci::Structures::write(u64 offset, unsigned size, u64 value) {
    owner_.write_structure(offset, size, value);
    return Answer::now;
}

u64 VirtioPci::read_structure(u64 offset, unsigned size) {
    const u64 within = offset % structure_size;
    switch (offset / structure_size) {
    case common_page: return read_common(within, size);
    case interrupt_status_page: return within == 0 ? take_interrupt_status() : 0;
    case device_page: {
        u64 value = 0;
        for (unsigned i = 0; i < size; ++i) value |= u64{device_->read_configuration(within + i)} << 8 * i;
        return value;
    }
    default: return 0;
    }
}

void VirtioPci::write_structure(u64 offset, unsigned size, u64 value) {
    const u64 within = offset % structure_size;
    switch (offset / structure_size) {
    case common_page: return write_common(within, size, value);
    case device_page:
        for (unsigned i = 0; i < size; ++i)
            device_->write_configuration(within + i, static_cast<u8>(value >> 8 * i));
        return;
    case notify_page: {
        const u64 index = within / notify_multiplier;
        if (index < queues_.size() && is_running()) device_->notified(static_cast<unsigned>(index));
        return;
    }
    default: return;
    }
}

u64 VirtioPci::read_common(u64 offset, unsigned size) const {
    const auto word = [](u64 features, u32 select) { return select < 2 ? features >> 32 * select : 0; };
    Image image;
    image.put(device_feature_select, 4, state_.device_feature_select);
    image.put(device_feature, 4, word(offered_features(), state_.device_feature_select));
    image.put(driver_feature_select, 4, state_.driver_feature_select);
    image.put(driver_feature, 4, word(state_.driver_features, state_.driver_feature_select));
    image.put(configuration_vector_field, 2, state_.configuration_vector);
    image.put(queue_count, 2, queues_.size());
    image.put(device_status, 1, state_.status);
    image.put(configuration_generation_field, 1, state_.configuration_generation);
    image.put(queue_select_field, 2, state_.queue_select);
    if (state_.queue_select < queues_.size()) {
        const VirtioQueue& queue = queues_[state_.queue_select];
        image.put(queue_size, 2, queue.place().size);
        image.put(queue_vector, 2, queue.vector());
        image.put(queue_enable, 2, queue.is_enabled());
        image.put(queue_notify_offset, 2, state_.queue_select);
        image.put(queue_descriptors, 8, queue.place().descriptors);
        image.put(queue_driver, 8, queue.place().driver);
        image.put(queue_device, 8, queue.place().device);
    }
    return image.get(offset, size);
}

/// Fields are written whole, those of 64 bits also by halves (4.1.3.1); anything else has no effect.
void VirtioPci::write_common(u64 offset, unsigned size, u64 value) {
    if (offset == device_feature_select && size == 4)
        state_.device_feature_select = static_cast<u32>(value);
    else if (offset == driver_feature_select && size == 4)
        state_.driver_feature_select = static_cast<u32>(value);
    else if (offset == driver_feature && size == 4)
        write_feature_word(static_cast<u32>(value));
    else if (offset == configuration_vector_field && size == 2)
        state_.configuration_vector =
            value < msix_.vectors() ? static_cast<u16>(value) : VirtioQueue::no_vector;
    else if (offset == device_status && size == 1)
        write_status(static_cast<u8>(value));
    else if (offset == queue_select_field && size == 2)
        state_.queue_select = static_cast<u16>(value);
    else if (offset >= queue_size && state_.queue_select < queues_.size())
        write_queue_field(offset, size, value);
}

void VirtioPci::write_feature_word(u32 value) {
    if (state_.driver_feature_select > 1 || state_.status & features_ok) return;
    const unsigned shift = 32 * state_.driver_feature_select;
    state_.driver_features = (state_.driver_features & ~(u64{0xffff'ffff} << shift)) | u64{value} << shift;
}

void VirtioPci::write_queue_field(u64 offset, unsigned size, u64 value) {
    VirtioQueue& queue = queues_[state_.queue_select];
    if (offset == queue_vector && size == 2)
        return queue.set_vector(value < msix_.vectors() ? static_cast<u16>(value) : VirtioQueue::no_vector);
    if (queue.is_enabled()) return;
    VirtioRingPlace& place = queue.new_place();
    const auto write_address = [&](GuestPhysical& address) {
        if (size == 8) address = value;
        if (size != 4) return;
        const unsigned shift = offset % 8 ? 32 : 0;
        address = (address & ~(u64{0xffff'ffff} << shift)) | value << shift;
    };
    if (offset == queue_size && size == 2)
        place.size = static_cast<u16>(value);
    else if (offset == queue_enable && size == 2 && value == 1)
        enable_queue();
    else if (offset == align_down(offset, 4))
        switch (align_down(offset, 8)) {
        case queue_descriptors: return write_address(place.descriptors);
        case queue_driver: return write_address(place.driver);
        case queue_device: return write_address(place.device);
        }
}

void VirtioPci::enable_queue() {
    VirtioQueue& queue = queues_[state_.queue_select];
    queue.enable({.indirect = has(virtio_feature::indirect_descriptors),
                  .event_index = has(virtio_feature::event_index),
                  .packed = has(virtio_feature::packed_ring)});
    notice_broken(queue);
}

/// Features that were not offered, or those of a driver for the legacy interface, are not agreed to (2.2.2,
/// 6.2).
void VirtioPci::write_status(u8 value) {
    if (value == 0) return reset_device();
    const bool was_running = is_running();
    const bool agrees = !(state_.driver_features & ~offered_features()) && has(virtio_feature::version_1);
    if (!agrees) value &= static_cast<u8>(~features_ok);
    state_.status = value | (state_.status & needs_reset);
    if (is_running() && !was_running) start();
}

void VirtioPci::start() {
    for (unsigned i = 0; i < queues_.size(); ++i) device_->notified(i);
}

u8 VirtioPci::take_interrupt_status() {
    const u8 status = state_.interrupt_status;
    state_.interrupt_status = 0;
    update_pin();
    return status;
}

// What the device does.

bool VirtioPci::is_running() const {
    constexpr u8 wanted = driver_ok | features_ok;
    return (state_.status & (wanted | needs_reset)) == wanted &&
           config_.read(pci_command::offset, 2) & pci_command::bus_master;
}

void VirtioPci::finish(unsigned index) {
    VirtioQueue& queue = queues_[index];
    const bool wanted = queue.wants_interrupt();
    notice_broken(queue);
    if (wanted && is_running()) signal(queue.vector(), queue_interrupt);
}

/// The driver is told once that the device needs a reset (2.1.2).
void VirtioPci::notice_broken(const VirtioQueue& queue) {
    if (!queue.is_broken() || state_.status & needs_reset) return;
    state_.status |= needs_reset;
    if (state_.status & driver_ok) configuration_changed();
}

void VirtioPci::configuration_changed() {
    ++state_.configuration_generation;
    signal(state_.configuration_vector, configuration_interrupt);
}

/// With messages, only a change of the configuration shows in the ISR status (4.1.4.5.1).
void VirtioPci::signal(u16 vector, u8 cause) {
    if (msix_.is_enabled()) {
        state_.interrupt_status |= cause & configuration_interrupt;
        msix_.signal(vector);
    } else {
        state_.interrupt_status |= cause;
        update_pin();
    }
}

bool VirtioPci::pin_level() const {
    return state_.interrupt_status && !msix_.is_enabled() &&
           !(config_.read(pci_command::offset, 2) & pci_command::interrupt_disable);
}

void VirtioPci::update_pin() { interrupt_.set(pin_level()); }

} // namespace ringer::device
