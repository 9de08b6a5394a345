#include "engine/translator/runtime.h"

#include "base/bits.h"
#include "engine/translator/emitter.h"
#include "engine/translator/flag_code.h"
#include "x86/msr.h"

#include <initializer_list>

namespace ringer::engine::translator {

namespace {

constexpr u32 host_mxcsr = 0x1f80;

/// Those that a function of C++ may change (System V ABI, 3.2.1) and that guest registers, and values that
/// are under way, are in.
constexpr std::array<HostRegister, 9> caller_saved{x86::rax, x86::rcx, x86::rdx,  x86::rsi, x86::rdi,
                                                   x86::r8,  x86::r9,  scratch_a, scratch_b};
constexpr std::array<HostRegister, 6> callee_saved{x86::rbx, x86::rbp, x86::r12,
                                                   x86::r13, x86::r14, x86::r15};

/// With the guest's MXCSR in place, and so without floating-point arithmetic.
void read_time_stamp(Context* context) { context->time_stamp = x86::time_stamp(*context->cpu); }

/// Run on the way to and from translated code, the first with the guest's vector registers in place.
/// @{
[[gnu::target("general-regs-only")]] void write_x87_image(Context* context) {
    write_image(context->cpu->state.x87, context->x87_image);
}
void read_x87_image(Context* context) { read_image(context->x87_image, context->cpu->state.x87); }
/// @}

/// Emits all of the runtime's code in one go.
class Generator {
  public:
    Generator(Context& context, const x86::CodeMemory& memory)
        : context_(context), memory_(memory), emitter_(context, memory), a_(emitter_.assembler()) {}

    asmjit::Label enter() {
        const asmjit::Label entry = begin();
        for (const HostRegister each : callee_saved) a_.push(gp64(each));
        a_.sub(host::rsp, 8); // For the alignment that functions expect.
        a_.mov(host::ptr_64(host::rdi, field(&context_.host_stack)), host::rsp);
        a_.mov(host::rsp, host::rdi);
        a_.mov(emitter_.at(context_.resume), host::rsi);
        load_guest();
        a_.jmp(emitter_.at(context_.resume));
        return entry;
    }

    asmjit::Label call_engine(TakeOver take_over, const asmjit::Label& load_vectors,
                              const asmjit::Label& load_x87) {
        const asmjit::Label entry = begin();
        const asmjit::Label left = emitter_.label();
        a_.pop(emitter_.at(context_.resume));
        a_.mov(emitter_.at(context_.scratch_a), gp64(scratch_a));
        a_.mov(emitter_.at(context_.scratch_b), gp64(scratch_b));
        save_guest();
        a_.mov(host::rdi, host::rsp);
        a_.mov(host::rbx, host::rsp);
        a_.mov(host::rsp, emitter_.at(context_.host_stack));
        a_.mov(host::rax, reinterpret_cast<u64>(take_over));
        a_.call(host::rax);
        a_.test(host::rax, host::rax);
        a_.jz(left);
        a_.mov(host::rsp, host::rbx);
        a_.mov(emitter_.at(context_.resume), host::rax);
        if_wanted(context_.restore_vectors, [&] { a_.call(load_vectors); });
        if_wanted(context_.restore_x87, [&] { a_.call(load_x87); });
        load_guest();
        a_.mov(gp64(scratch_a), emitter_.at(context_.scratch_a));
        a_.mov(gp64(scratch_b), emitter_.at(context_.scratch_b));
        if_wanted(context_.restore_flags, [this] { emitter_.load_status(scratch_b); });
        a_.jmp(emitter_.at(context_.resume));
        a_.bind(left);
        return_to_caller();
        return entry;
    }

    asmjit::Label refused(const asmjit::Label& call_engine) {
        const asmjit::Label entry = begin();
        a_.call(call_engine);
        return entry;
    }

    asmjit::Label load_vectors() {
        const asmjit::Label entry = begin();
        has_avx_ ? load_wide_vectors() : load_narrow_vectors();
        a_.ldmxcsr(called(&context_.cpu->state.vector.mxcsr, 4));
        a_.mov(called(&context_.vectors_live, 8), 1);
        a_.ret();
        return entry;
    }

    asmjit::Label load_x87() {
        const asmjit::Label entry = begin();
        call_amid_code(reinterpret_cast<u64>(&write_x87_image), &context_);
        a_.frstor(called(&context_.x87_image, sizeof(X87Image)));
        a_.mov(called(&context_.x87_live, 8), 1);
        a_.ret();
        return entry;
    }

    asmjit::Label read_time_stamp() {
        const asmjit::Label entry = begin();
        const asmjit::Label keep_vectors = emitter_.label();
        const auto call = [this] {
            call_amid_code(reinterpret_cast<u64>(&translator::read_time_stamp), &context_);
        };
        a_.cmp(called(&context_.vectors_live, 8), 0);
        a_.jne(keep_vectors);
        call();
        a_.ret();
        a_.bind(keep_vectors);
        store_vectors();
        call();
        has_avx_ ? load_wide_vectors() : load_narrow_vectors();
        a_.ret();
        return entry;
    }

    FlagEvaluator evaluate_flags() { return {context_, emitter_}; }

    std::size_t finish() {
        emitter_.finish();
        return emitter_.size();
    }
    const void* address(const asmjit::Label& label) const {
        return memory_.executable + emitter_.offset_of(label);
    }

  private:
    static constexpr i32 pushed_bytes = 8 * (caller_saved.size() + 1);
    static_assert(pushed_bytes % 16 == 0);

    asmjit::Label begin() {
        a_.align(asmjit::AlignMode::kCode, 16);
        const asmjit::Label entry = emitter_.label();
        a_.bind(entry);
        return entry;
    }

    i32 field(const void* object) const {
        return static_cast<i32>(static_cast<const u8*>(object) - reinterpret_cast<const u8*>(&context_));
    }
    host::Mem called(const void* object, unsigned size) const {
        host::Mem operand = emitter_.at(object, size);
        operand.addOffset(8);
        return operand;
    }

    /// Of a guest's vector register, in what is called.
    host::Mem vector_home(unsigned number, i32 offset, unsigned size) const {
        return called(context_.cpu->state.vector.ymm[number].data() + offset, size);
    }

    void store_vectors() {
        for (unsigned i = 0; i < 16; ++i)
            has_avx_ ? a_.vmovups(vector_home(i, 0, 32), host::ymm(i))
                     : a_.movups(vector_home(i, 0, 16), host::xmm(i));
    }

    void load_narrow_vectors() {
        for (unsigned i = 0; i < 16; ++i) a_.movups(host::xmm(i), vector_home(i, 0, 16));
    }

    /// Upper halves that are all zero are left to the CPU to know as such: behind a load of 32 bytes each
    /// instruction with a result of 16 would have to wait for what its destination held before.
    void load_wide_vectors() {
        const asmjit::Label wide = emitter_.label(), done = emitter_.label();
        a_.vmovups(host::xmm0, vector_home(0, 16, 16));
        for (unsigned i = 1; i < 16; ++i) a_.vorps(host::xmm0, host::xmm0, vector_home(i, 16, 16));
        a_.vptest(host::xmm0, host::xmm0);
        a_.jnz(wide);
        a_.vzeroupper();
        for (unsigned i = 0; i < 16; ++i) a_.vmovups(host::xmm(i), vector_home(i, 0, 16));
        a_.jmp(done);
        a_.bind(wide);
        for (unsigned i = 0; i < 16; ++i) a_.vmovups(host::ymm(i), vector_home(i, 0, 32));
        a_.bind(done);
    }

    /// Calls a function that uses general registers only, from what translated code calls.
    void call_amid_code(u64 function, const void* argument) {
        for (const HostRegister each : caller_saved) a_.push(gp64(each));
        a_.lea(host::rdi, host::ptr(host::rsp, field(argument) + pushed_bytes));
        a_.mov(host::rax, function);
        a_.call(host::rax);
        for (auto each = caller_saved.rbegin(); each != caller_saved.rend(); ++each) a_.pop(gp64(*each));
    }

    void load_guest() {
        emitter_.load_registers();
        a_.mov(gp64(retired_register), emitter_.at(context_.cpu->state.retired));
    }

    void save_guest() {
        emitter_.save_registers();
        a_.mov(emitter_.at(context_.cpu->state.retired), gp64(retired_register));
        save_if_live(context_.vectors_live, [this] { save_vectors(); });
        save_if_live(context_.x87_live, [this] { save_x87(); });
    }

    template <class Live, class Save>
    void save_if_live(Live& live, Save&& save) {
        if_wanted(live, [&] {
            save();
            a_.mov(emitter_.at(live), 0);
        });
    }

    /// EFLAGS are lost, unless `act` sets them.
    template <class Wanted, class Act>
    void if_wanted(Wanted& wanted, Act&& act) {
        const asmjit::Label done = emitter_.label();
        a_.cmp(emitter_.at(wanted), 0);
        a_.je(done);
        act();
        a_.bind(done);
    }

    void save_vectors() {
        for (unsigned i = 0; i < 16; ++i) {
            const host::Mem home = emitter_.at(context_.cpu->state.vector.ymm[i].data(), has_avx_ ? 32 : 16);
            if (has_avx_)
                a_.vmovups(home, host::ymm(i));
            else
                a_.movups(home, host::xmm(i));
        }
        // C++ is not to pay for what the upper halves hold.
        if (has_avx_) a_.vzeroupper();
        a_.stmxcsr(emitter_.at(context_.cpu->state.vector.mxcsr));
        a_.ldmxcsr(emitter_.at(context_.host_mxcsr));
    }

    /// FNSAVE leaves them as C++ expects them: empty, with the default settings.
    void save_x87() {
        a_.fnsave(emitter_.at(context_.x87_image));
        a_.mov(host::rdi, host::rsp);
        a_.mov(host::rax, reinterpret_cast<u64>(&read_x87_image));
        a_.call(host::rax);
    }

    void return_to_caller() {
        a_.add(host::rsp, 8);
        for (auto each = callee_saved.rbegin(); each != callee_saved.rend(); ++each) a_.pop(gp64(*each));
        a_.ret();
    }

    Context& context_;
    const x86::CodeMemory& memory_;
    const bool has_avx_ = __builtin_cpu_supports("avx");
    Emitter emitter_;
    host::Assembler& a_;
};

} // namespace

Runtime::Runtime(Context& context, x86::CodeMemory memory, TakeOver take_over) : context_(context) {
    context.host_mxcsr = host_mxcsr;
    Generator generator(context, memory);
    const asmjit::Label enter = generator.enter();
    const asmjit::Label load_vectors_label = generator.load_vectors();
    const asmjit::Label load_x87_label = generator.load_x87();
    const asmjit::Label call_label = generator.call_engine(take_over, load_vectors_label, load_x87_label);
    const asmjit::Label refused_label = generator.refused(call_label);
    const FlagEvaluator evaluator = generator.evaluate_flags();
    const asmjit::Label time_stamp_label = generator.read_time_stamp();
    size_ = align_up(generator.finish(), 64);
    enter_ = reinterpret_cast<Enter>(reinterpret_cast<std::uintptr_t>(generator.address(enter)));
    call_engine = generator.address(call_label);
    refused = static_cast<const u8*>(generator.address(refused_label));
    load_vectors = generator.address(load_vectors_label);
    load_x87 = generator.address(load_x87_label);
    read_time_stamp = generator.address(time_stamp_label);
    evaluate_flags = generator.address(evaluator.entry());
    evaluator.enter_addresses(memory.executable);
}

} // namespace ringer::engine::translator
