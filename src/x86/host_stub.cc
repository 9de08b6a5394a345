#include "x86/host_stub.h"

#include "base/assert.h"
#include "x86/stub_encoding.h"

#include <cstring>

namespace ringer::x86 {

namespace {

bool is_x87(const HostStub& stub) { return stub.bytes[0] >= 0xd8 && stub.bytes[0] <= 0xdf; }

} // namespace

HostStubs::HostStubs(CodeMemory memory) : memory_(memory) {
    RINGER_ASSERT(memory_.writable.size() >= 4096);
    drop_code();
}

const HostStub* HostStubs::vector_stub(const Decoded& decoded) {
    auto stub = describe_vector_instruction(decoded);
    return stub ? find_or_add(std::move(*stub)) : nullptr;
}

const HostStub* HostStubs::x87_stub(const Decoded& decoded) {
    return find_or_add(describe_x87_instruction(decoded));
}

const HostStub* HostStubs::find_or_add(HostStub&& stub) {
    const std::string key(reinterpret_cast<const char*>(stub.bytes.data()), stub.length);
    const auto [position, is_new] = by_bytes_.try_emplace(key, nullptr);
    if (is_new) position->second = &stubs_.emplace_back(std::move(stub));
    return position->second;
}

void HostStubs::generate(const HostStub& stub) {
    const std::string code = is_x87(stub) ? generate_x87_stub(stub) : generate_vector_stub(stub);
    if (used_ + code.size() > memory_.writable.size()) drop_code();
    std::memcpy(memory_.writable.data() + used_, code.data(), code.size());
    stub.code = memory_.executable + used_;
    stub.generation = generation_;
    used_ += code.size();
}

void HostStubs::drop_code() {
    const std::string exit = generate_fault_exit();
    std::memcpy(memory_.writable.data(), exit.data(), exit.size());
    used_ = exit.size();
    ++generation_;
}

} // namespace ringer::x86
