#include "base/assert.h"
#include "device/network/frame_sink.h"
#include "host/network/frame_stream.h"
#include "input.h"

#include <vector>

using namespace ringer;

/// What may come from the other end of a cable, in pieces of any size. The frames are those that the whole
/// stream, come at once, has.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Input input(data, size);
    const std::size_t piece_size = std::size_t{input.take<u8>()} + 1;
    const auto stream = input.take_bytes(size);
    std::vector<u8> whole, pieced;
    const auto into = [](std::vector<u8>& frames) {
        return [&frames](std::span<const u8> frame) {
            RINGER_ASSERT(frame.size() >= device::ethernet_header && frame.size() <= device::most_frame);
            host::FrameStream::append(frames, frame);
        };
    };
    host::FrameStream at_once, by_pieces;
    const bool is_stream = at_once.read(stream, into(whole));
    bool goes_on = true;
    for (auto left = stream; !left.empty() && goes_on;) {
        const auto piece = left.first(std::min(piece_size, left.size()));
        goes_on = by_pieces.read(piece, into(pieced));
        left = left.subspan(piece.size());
    }
    RINGER_ASSERT(goes_on == is_stream && pieced == whole);
    return 0;
}
