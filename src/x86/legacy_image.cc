#include "x86/legacy_image.h"

#include "x86/x87_state.h"

namespace ringer::x86 {

X87State read_x87_image(const u8* image, bool wide) {
    X87State x87;
    u16 control;
    std::memcpy(&control, image, 2);
    std::memcpy(&x87.status, image + 2, 2);
    x87.valid = image[4];
    std::memcpy(&x87.opcode, image + 6, 2);
    x87.opcode &= 0x7ff;
    std::memcpy(&x87.instruction_pointer, image + 8, 8);
    std::memcpy(&x87.data_pointer, image + 16, 8);
    if (!wide) {
        x87.code_selector = static_cast<u16>(x87.instruction_pointer >> 32);
        x87.data_selector = static_cast<u16>(x87.data_pointer >> 32);
        x87.instruction_pointer &= 0xffff'ffff;
        x87.data_pointer &= 0xffff'ffff;
    }
    for (unsigned i = 0; i < x87.st.size(); ++i)
        std::memcpy(x87.st[i].data(), image + legacy_offset::st + 16 * i, 10);
    set_x87_control(x87, control);
    return x87;
}

} // namespace ringer::x86
