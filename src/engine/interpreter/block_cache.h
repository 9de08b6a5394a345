#pragma once

#include "engine/hash_chains.h"
#include "engine/operand_regions.h"
#include "memory/address_space.h"
#include "x86/cpu.h"

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace ringer::engine {

/// Decoded instructions that follow one another in one page of guest-physical memory. They are entered at the
/// first, and left by a branch or behind the last.
struct Block {
    GuestPhysical address;
    x86::CodeMode mode;
    u8 count;
    u16 bytes;
    mutable u32 heat = 0; ///< How often a translating engine has interpreted it,
    const x86::Instruction* first;
    Block* next_in_bucket = nullptr;
    Block* next_in_page = nullptr;

    mutable OperandRegions operands{}; ///< and where it accessed memory then, if it is user code.

    std::span<const x86::Instruction> instructions() const { return {first, count}; }
};

/// Holds code in another form than blocks, of pages that BlockCache::mark_page() was called for.
class CodeHolder {
  public:
    virtual ~CodeHolder() = default;
    /// Drops what a write touches. Returns whether it has other code of the page.
    virtual bool code_written(GuestPhysical address, u64 size) = 0;
};

/// Decoded blocks by guest-physical address and mode, so that they survive changes of the address space.
/// Blocks are dropped when their bytes are written, and all of them when the memory for them is used up.
///
/// A dropped block stays readable until the next insert(): the interpreter may be in the middle of it.
class BlockCache final : public memory::CodeWatcher {
  public:
    static constexpr u8 longest_block = 32; ///< In instructions.

    /// Keeps about `most_instructions`.
    BlockCache(x86::Cpu& cpu, unsigned most_instructions);
    /// `other` must outlive the cache, or be taken back with nullptr.
    void share_pages_with(CodeHolder* other) { other_ = other; }
    ~BlockCache() override;

    /// The block at an address, or nullptr.
    const Block* find(GuestPhysical address, x86::CodeMode mode) const;

    /// Where the instructions of the block that is inserted next are to be: longest_block at most.
    std::span<x86::Instruction> room_for_a_block();
    /// Adds a block with the first `count` of them, which were decoded from `bytes` bytes of RAM at
    /// `address`. Marks the page.
    const Block* insert(GuestPhysical address, x86::CodeMode mode, u16 bytes, u8 count);

    /// Drops the blocks that a write touches, and has the vCPU leave the one that it is in.
    void code_written(GuestPhysical address, u64 size) override;
    void ram_remapped() override { cpu_.tlb.flush(); }

    /// From now on writes to the page are seen by code_written().
    void mark_page(GuestPhysical address);

    void flush();

    /// Changes whenever a block is dropped: pointers kept under another number are stale.
    u32 generation() const { return generation_; }

  private:
    static constexpr unsigned chunk_instructions = 1 << 13;
    static constexpr unsigned chunk_blocks = 1 << 10;

    /// Writes to a page that have left some of its code.
    struct WritesBesideCode {
        u32 count = 0;
        u32 most = 256; ///< Before its code is dropped; next time it takes longer.
    };

    static u64 key(GuestPhysical address, x86::CodeMode mode) { return address * 4 + static_cast<u64>(mode); }
    static u64 key_of(const Block& block) { return key(block.address, block.mode); }
    /// Drops what a write touches.
    void drop_written(GuestPhysical address, u64 size);
    /// Whether a page that is written to so often beside its code is to be taken for one of data, until its
    /// code runs again: as long as it holds code each write to it is slow.
    bool is_rather_data(GuestPhysical page);
    Block* allocate_block();

    x86::Cpu& cpu_;
    const unsigned most_instruction_chunks_;
    memory::AddressSpace& memory_;
    HashChains<Block> blocks_{1 << 14};                     ///< By key().
    std::unordered_map<u64, Block*> pages_;                 ///< The blocks of each page, by page number.
    std::unordered_map<u64, WritesBesideCode> beside_code_; ///< By page number.
    std::vector<std::unique_ptr<x86::Instruction[]>> instruction_chunks_;
    std::vector<std::unique_ptr<Block[]>> block_chunks_;
    std::size_t instructions_used_ = 0; ///< Of the last chunk.
    std::size_t blocks_used_ = 0;
    u32 generation_ = 0;
    CodeHolder* other_ = nullptr;
};

} // namespace ringer::engine
