#pragma once

namespace ringer::host {

/// Locks the image open as `descriptor` for a writer, which there may be one of and no reader then, or for a
/// reader. The locks are those that QEMU's programs take (bytes of the file stand for what is done and for
/// what others may not do), so that both see each other's. They belong to the open file: they end with the
/// process, however that ends.
///
/// Returns 0, EAGAIN where somebody has the image open in another way, or another errno value.
int lock_image(int descriptor, bool is_writer);

} // namespace ringer::host
