#include "x86/legacy_image.h"

#include "x86/x87_state.h"

namespace ringer::x86 {

X87State read_x87_image(const u8* image, bool wide) {
    const u64 keep = wide ? ~u64{0} : 0xffff'ffff;
    X87State x87;
    u16 control;
    std::memcpy(&control, image, 2);
    std::memcpy(&x87.status, image + 2, 2);
    x87.valid = image[4];
    std::memcpy(&x87.opcode, image + 6, 2);
    x87.opcode &= 0x7ff;
    std::memcpy(&x87.instruction_pointer, image + 8, 8);
    std::memcpy(&x87.data_pointer, image + 16, 8);
    x87.instruction_pointer &= keep;
    x87.data_pointer &= keep;
    for (unsigned i = 0; i < x87.st.size(); ++i)
        std::memcpy(x87.st[i].data(), image + legacy_offset::st + 16 * i, 10);
    set_x87_control(x87, control);
    return x87;
}

} // namespace ringer::x86
