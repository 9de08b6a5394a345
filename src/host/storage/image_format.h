#pragma once

#include "base/result.h"
#include "base/types.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringer::host {

/// How an image lies in its file.
enum class ImageFormat : u8 {
    raw, ///< The disk's sectors, one after the other.
    qcow2,
    vmdk,
    vhd,
    vhdx,
    vdi,
};

/// Their names, in the order of the enumerators, as users know them.
std::span<const std::string_view> image_format_names();
std::string_view name_of(ImageFormat format);

/// What QEMU's tools call it.
std::string_view qemu_name_of(ImageFormat format);

/// What format_of_contents() looks at: so many bytes from the file's start, and from its end.
inline constexpr std::size_t image_head_size = 64 * 1024, image_tail_size = 512;

/// The format whose signature is there; nullopt where none is, as in a raw image that nobody tampered with.
/// `head` and `tail` are the file's ends, shorter when it is.
std::optional<ImageFormat> format_of_contents(std::span<const u8> head, std::span<const u8> tail);

/// Whether the signature of one of QEMU's formats of old is there, which only QEMU opens: qcow before its
/// second version, and QED.
bool is_of_old_format(std::span<const u8> head);

/// The format of an image that is given without one. The guest of a raw image writes what it likes, a
/// signature too, and must not have it taken for an image that names other files of the host: a signature
/// counts only where the file's name says the same, and neither does a name that the contents belie. In
/// between there is an error, which asks the user, and so there is with the signature of an old format.
Result<ImageFormat> detect_format(std::string_view role, const std::string& path, std::span<const u8> head,
                                  std::span<const u8> tail);

/// How long the file of an image is at the least, by what its header says of where tables and data lie; 0
/// where the header does not say, or is not there. QEMU takes what is missing for zeros, so that an image
/// that was cut off would be an empty disk.
u64 least_file_size(ImageFormat format, std::span<const u8> head);

/// What a qcow2 image names as the one below it.
struct Qcow2Backing {
    std::string file;
    std::string format; ///< As QEMU calls it; empty where the image does not say.
};

/// Reads it from the head of an image (QEMU, docs/interop/qcow2.rst): nullopt where it is none, has none, or
/// says so beyond the head.
std::optional<Qcow2Backing> qcow2_backing(std::span<const u8> head);

} // namespace ringer::host
