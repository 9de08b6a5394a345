#include "boot/bz_image.h"

#include "base/assert.h"
#include "base/bits.h"
#include "boot/attachments.h"
#include "boot/initial_state.h"
#include "boot/little_endian.h"
#include "boot/low_memory.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace ringer::boot {

namespace {

/// Offsets from the start of the file, which are also offsets in the zero page.
namespace field {
constexpr u64 setup_sectors = 0x1f1, size_in_paragraphs = 0x1f4, video_mode = 0x1fa;
constexpr u64 jump = 0x200, magic = 0x202, protocol = 0x206;
constexpr u64 loader_type = 0x210, load_flags = 0x211, code_32_start = 0x214;
constexpr u64 initrd_address = 0x218, initrd_size = 0x21c, heap_end = 0x224, command_line = 0x228;
constexpr u64 highest_initrd_address = 0x22c, alignment = 0x230, relocatable = 0x234;
constexpr u64 extended_load_flags = 0x236, longest_command_line = 0x238;
constexpr u64 setup_data = 0x250, preferred_address = 0x258, working_size = 0x260;
// In the zero page alone.
constexpr u64 rsdp = 0x070, map_entries = 0x1e8, map = 0x2d0;
} // namespace field

constexpr u64 header_start = field::setup_sectors, header_end_limit = 0x290;
constexpr u64 zero_page_size = 4 * KiB;
constexpr u64 sector = 512, paragraph = 16;
constexpr u64 entry_64_offset = 0x200;
constexpr u32 header_magic = 0x5372'6448; // "HdrS"

constexpr u8 flag_loaded_high = 1 << 0, flag_can_use_heap = 1 << 7;
constexpr u16 extended_flag_kernel_64 = 1 << 0;
constexpr u8 undefined_loader = 0xff;

/// Numbers of a setup header, each with the protocol version that introduced it.
class Header {
  public:
    Header(std::span<const u8> bytes, u16 protocol) : bytes_(bytes), protocol_(protocol) {}

    template <std::unsigned_integral T>
    T value(u64 offset, u16 since, T absent) const {
        return protocol_ >= since ? get<T>(bytes_, offset).value_or(absent) : absent;
    }

  private:
    std::span<const u8> bytes_;
    u16 protocol_;
};

/// The part of the file after the real-mode code, as long as the header says.
Result<std::span<const u8>> protected_mode_kernel(std::span<const u8> file, std::string_view name,
                                                  const Header& header) {
    const u64 sectors = file[field::setup_sectors];
    const u64 start = ((sectors ? sectors : 4) + 1) * sector;
    const u32 wide = header.value<u32>(field::size_in_paragraphs, 0x0204, 0);
    const u64 size = paragraph * (wide ? wide : header.value<u16>(field::size_in_paragraphs, 0, 0));
    if (size <= entry_64_offset)
        return user_error(
            "{}: the header gives the kernel a size of {} bytes; the file is damaged, get a new one", name,
            size);
    // The size counts paragraphs, and the last one need not be whole.
    if (file.size() < start || file.size() - start + paragraph <= size)
        return user_error("{}: truncated: the header promises {} bytes and the file has {}; get a whole one",
                          name, start + size, file.size());
    return file.subspan(start, std::min(size, file.size() - start));
}

Result<void> check_addresses(const BzImage& image, std::string_view name) {
    constexpr u64 limit = machine::MemoryLayout::hole_base;
    if (!std::has_single_bit(image.alignment) || image.alignment > limit || image.preferred_address > limit)
        return user_error("{}: the header asks for address {:#x} with alignment {:#x}, which cannot be; the "
                          "file is damaged, get a new one",
                          name, image.preferred_address, image.alignment);
    return {};
}

} // namespace

GuestPhysical BzImage::load_address() const {
    if (!relocatable) return low_memory::extended_memory;
    return align_up(std::max(preferred_address, low_memory::extended_memory), alignment);
}

GuestPhysical BzImage::end() const {
    // A kernel that cannot be relocated moves itself to its preferred address.
    const GuestPhysical runs_at = std::max(load_address(), preferred_address);
    return std::max(load_address() + kernel.size(), runs_at + working_size);
}

bool is_linux_image(std::span<const u8> file) { return get<u32>(file, field::magic) == header_magic; }

Result<BzImage> parse_bz_image(std::span<const u8> file, std::string_view name) {
    if (!is_linux_image(file))
        return user_error("{}: not a Linux bzImage; give a kernel such as /boot/vmlinuz-*", name);
    if (file.size() < header_end_limit)
        return user_error("{}: truncated: the file ends within the setup header; get a whole one", name);

    BzImage image;
    image.protocol = *get<u16>(file, field::protocol);
    if (image.protocol < 0x0202)
        return user_error("{}: boot protocol {}.{:02} is too old; give a kernel of Linux 2.4 or later", name,
                          image.protocol >> 8, image.protocol & 0xff);
    if (!(file[field::load_flags] & flag_loaded_high))
        return user_error("{}: a zImage, which loads below 640 KiB; build the kernel as bzImage", name);

    const u64 header_end = std::min<u64>(field::magic + file[field::jump + 1], header_end_limit);
    if (header_end < field::command_line + sizeof(u32))
        return user_error(
            "{}: the setup header ends at {:#x}, before its end; the file is damaged, get a new one", name,
            header_end);
    image.header = file.subspan(header_start, header_end - header_start);

    const Header header(file.first(header_end), image.protocol);
    image.kernel = TRY(protected_mode_kernel(file, name, header));
    image.highest_initrd_address = header.value<u32>(field::highest_initrd_address, 0x0203, 0x37ff'ffff);
    image.relocatable = header.value<u8>(field::relocatable, 0x0205, 0);
    image.alignment = image.relocatable ? header.value<u32>(field::alignment, 0x0205, 1) : 1;
    image.longest_command_line = header.value<u32>(field::longest_command_line, 0x0206, 255);
    image.preferred_address =
        header.value<u64>(field::preferred_address, 0x020a, low_memory::extended_memory);
    image.working_size = header.value<u32>(field::working_size, 0x020a, 0);
    image.has_64_bit_entry =
        header.value<u16>(field::extended_load_flags, 0x020c, 0) & extended_flag_kernel_64;
    TRY(check_addresses(image, name));
    return image;
}

namespace {

Result<bool> use_64_bit_entry(const BzImage& kernel, const KernelImage& image) {
    if (image.entry == Entry::bits_64 && !kernel.has_64_bit_entry)
        return user_error("{}: a 32-bit kernel, it has no 64-bit entry; leave --entry 64 out",
                          image.kernel.name);
    return kernel.has_64_bit_entry && image.entry != Entry::bits_32;
}

Result<void> load_kernel_code(memory::AddressSpace& memory, const machine::MemoryLayout& layout,
                              const BzImage& kernel, std::string_view name) {
    const u64 needed = align_up(kernel.end(), MiB);
    if (needed > machine::MemoryLayout::hole_base)
        return user_error(
            "{}: the header asks for {} MiB of memory below 3 GiB; the file is damaged, get a new one", name,
            needed / MiB);
    if (kernel.end() > layout.low_end())
        return user_error(
            "{}: the kernel needs {} MiB of memory to start and the machine has {}; give --memory {}M "
            "or more",
            name, needed / MiB, layout.low_end() / MiB, needed / MiB);
    RINGER_ASSERT(memory.write_ram(kernel.load_address(), kernel.kernel));
    return {};
}

std::vector<u8> zero_page(const BzImage& kernel, const machine::MemoryLayout& layout,
                          const machine::MemoryRange& initrd, GuestPhysical rsdp) {
    std::vector<u8> page(zero_page_size);
    std::ranges::copy(kernel.header, page.begin() + header_start);
    put<u16>(page, field::video_mode, 0xffff); // "normal"
    put<u8>(page, field::loader_type, undefined_loader);
    put<u8>(page, field::load_flags, page[field::load_flags] | flag_can_use_heap);
    put(page, field::code_32_start, static_cast<u32>(kernel.load_address()));
    put(page, field::initrd_address, static_cast<u32>(initrd.base));
    put(page, field::initrd_size, static_cast<u32>(initrd.size));
    put<u16>(page, field::heap_end, 0xfe00);
    put(page, field::command_line, static_cast<u32>(low_memory::command_line));
    put<u64>(page, field::setup_data, 0);
    put(page, field::rsdp, rsdp);

    const auto map = layout.map();
    put(page, field::map_entries, static_cast<u8>(map.size()));
    std::size_t offset = field::map;
    for (const auto& [range, kind] : map) {
        put(page, offset, range.base);
        put(page, offset + 8, range.size);
        put(page, offset + 16, static_cast<u32>(kind));
        offset += 20;
    }
    return page;
}

} // namespace

Result<x86::CpuState> load_bz_image(memory::AddressSpace& memory, const machine::MemoryLayout& layout,
                                    const KernelImage& image, GuestPhysical rsdp) {
    const BzImage kernel = TRY(parse_bz_image(image.kernel.bytes, image.kernel.name));
    const bool long_mode = TRY(use_64_bit_entry(kernel, image));
    TRY(load_kernel_code(memory, layout, kernel, image.kernel.name));
    machine::MemoryRange initrd;
    if (image.initrd)
        initrd = TRY(load_initrd(memory, layout, *image.initrd, kernel.end(), kernel.highest_initrd_address));
    TRY(load_command_line(memory, image.command_line, image.kernel.name, kernel.longest_command_line));
    RINGER_ASSERT(memory.write_ram(low_memory::parameters, zero_page(kernel, layout, initrd, rsdp)));

    x86::CpuState state = long_mode ? long_mode_state(memory, kernel.load_address() + entry_64_offset)
                                    : protected_mode_state(memory, kernel.load_address());
    state.gpr[x86::rsi] = low_memory::parameters;
    return state;
}

} // namespace ringer::boot
