#include "host/storage/image_format.h"

#include "base/assert.h"
#include "base/big_endian.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <filesystem>
#include <utility>

namespace ringer::host {

namespace {

using namespace std::string_view_literals;

constexpr std::array format_names{"raw"sv, "qcow2"sv, "vmdk"sv, "vhd"sv, "vhdx"sv, "vdi"sv};

bool has_at(std::span<const u8> bytes, std::size_t offset, std::string_view signature) {
    if (bytes.size() < offset + signature.size()) return false;
    return std::ranges::equal(bytes.subspan(offset, signature.size()), signature,
                              [](u8 byte, char letter) { return byte == static_cast<u8>(letter); });
}

/// The format that the file's name ends in.
std::optional<ImageFormat> format_of_name(const std::string& path) {
    std::string extension = std::filesystem::path(path).extension().string();
    std::ranges::transform(extension, extension.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    if (extension.empty()) return std::nullopt;
    const auto* const found = std::ranges::find(format_names, std::string_view(extension).substr(1));
    if (found == format_names.end()) return std::nullopt;
    return static_cast<ImageFormat>(found - format_names.begin());
}

// QEMU, docs/interop/qcow2.rst.
constexpr std::string_view qcow2_signature = "QFI\xfb";
constexpr std::size_t version_at = 4, backing_offset_at = 8, backing_size_at = 16, header_length_at = 100;
constexpr u32 header_length_2 = 72, longest_backing_file = 1023;
constexpr u32 backing_format_extension = 0xe279'2aca;

bool is_qcow2(std::span<const u8> head) {
    if (!has_at(head, 0, qcow2_signature) || head.size() < header_length_2) return false;
    const u32 version = get_big_endian<u32>(head, version_at);
    return version == 2 || version == 3;
}

constexpr std::string_view vdi_signature = "\x7f\x10\xda\xbe";
constexpr std::size_t vdi_signature_at = 0x40;

std::optional<std::string> text_at(std::span<const u8> head, u64 offset, u32 size) {
    if (offset > head.size() || size > head.size() - offset) return std::nullopt;
    const auto text = head.subspan(offset, size);
    return std::string(text.begin(), text.end());
}

/// With the table of the first level, without which no data is found.
u64 least_qcow2_size(std::span<const u8> head) {
    constexpr std::size_t entries_at = 36, table_at = 40, entry_size = 8;
    if (!is_qcow2(head)) return 0;
    const u64 size = u64{get_big_endian<u32>(head, entries_at)} * entry_size;
    return std::min(get_big_endian<u64>(head, table_at), ~size) + size;
}

/// With all blocks that were allocated, one after the other (VirtualBox, include/VBox/vd-image-vdi.h).
u64 least_vdi_size(std::span<const u8> head) {
    constexpr std::size_t data_at = 0x158, block_size_at = 0x178, allocated_at = 0x184;
    if (!has_at(head, vdi_signature_at, vdi_signature) || head.size() < allocated_at + sizeof(u32)) return 0;
    const auto number = [&](std::size_t at) { return u64{std::byteswap(get_big_endian<u32>(head, at))}; };
    return number(data_at) + number(block_size_at) * number(allocated_at);
}

/// What a header extension says of the format of the image below: empty where there is no such extension.
std::string backing_format(std::span<const u8> head) {
    u64 at = header_length_2;
    if (get_big_endian<u32>(head, version_at) == 3) {
        if (head.size() < header_length_at + sizeof(u32)) return {};
        at = get_big_endian<u32>(head, header_length_at);
    }
    while (at + 2 * sizeof(u32) <= head.size()) {
        const auto type = get_big_endian<u32>(head, at), size = get_big_endian<u32>(head, at + sizeof(u32));
        at += 2 * sizeof(u32);
        if (type == 0) break;
        if (type == backing_format_extension) return text_at(head, at, size).value_or("");
        at += (u64{size} + 7) / 8 * 8;
    }
    return {};
}

} // namespace

std::span<const std::string_view> image_format_names() { return format_names; }

std::string_view name_of(ImageFormat format) { return format_names.at(static_cast<std::size_t>(format)); }

std::string_view qemu_name_of(ImageFormat format) {
    return format == ImageFormat::vhd ? "vpc" : name_of(format);
}

std::optional<ImageFormat> format_of_contents(std::span<const u8> head, std::span<const u8> tail) {
    if (is_qcow2(head)) return ImageFormat::qcow2;
    for (const auto signature : {"KDMV"sv, "COWD"sv, "# Disk DescriptorFile"sv})
        if (has_at(head, 0, signature)) return ImageFormat::vmdk;
    if (has_at(head, 0, "vhdxfile")) return ImageFormat::vhdx;
    if (has_at(head, vdi_signature_at, vdi_signature)) return ImageFormat::vdi;
    // An image of fixed size has it at its end alone.
    if (has_at(head, 0, "conectix") || has_at(tail, 0, "conectix")) return ImageFormat::vhd;
    return std::nullopt;
}

bool is_of_old_format(std::span<const u8> head) {
    return has_at(head, 0, "QFI\xfb\0\0\0\1"sv) || has_at(head, 0, "QED\0"sv);
}

Result<ImageFormat> detect_format(std::string_view role, const std::string& path, std::span<const u8> head,
                                  std::span<const u8> tail) {
    const auto named = format_of_name(path);
    if (named == ImageFormat::raw) return ImageFormat::raw;
    const auto found = format_of_contents(head, tail);
    if (!found && is_of_old_format(head))
        return user_error(
            "{} {}: holds the signature of a qcow or QED image, which only QEMU opens; convert it with "
            "'qemu-img convert -O qcow2', or give format=raw if it is a raw image whose guest wrote that",
            role, path);
    if (named == found) return named.value_or(ImageFormat::raw);
    if (!found)
        return user_error("{} {}: is named as a {} image and holds none; give a complete one, or format=raw",
                          role, path, name_of(*named));
    return user_error("{} {}: holds the signature of a {} image, which its name does not tell; give "
                      "format={}, or format=raw "
                      "if it is a raw image whose guest wrote that",
                      role, path, name_of(*found), name_of(*found));
}

u64 least_file_size(ImageFormat format, std::span<const u8> head) {
    switch (format) {
    case ImageFormat::qcow2: return least_qcow2_size(head);
    case ImageFormat::vdi: return least_vdi_size(head);
    default: return 0;
    }
}

std::optional<Qcow2Backing> qcow2_backing(std::span<const u8> head) {
    if (!is_qcow2(head)) return std::nullopt;
    const auto offset = get_big_endian<u64>(head, backing_offset_at);
    const auto size = get_big_endian<u32>(head, backing_size_at);
    if (offset == 0 || size == 0 || size > longest_backing_file) return std::nullopt;
    auto file = text_at(head, offset, size);
    if (!file) return std::nullopt;
    return Qcow2Backing{std::move(*file), backing_format(head)};
}

} // namespace ringer::host
