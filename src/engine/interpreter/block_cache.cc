#include "engine/interpreter/block_cache.h"

#include "base/assert.h"
#include "base/bits.h"

#include <algorithm>

namespace ringer::engine {

BlockCache::BlockCache(x86::Cpu& cpu, unsigned most_instructions)
    : cpu_(cpu), most_instruction_chunks_(std::max(most_instructions / chunk_instructions, 1U)),
      memory_(cpu.surroundings.memory()) {
    memory_.watch_code(this);
}

BlockCache::~BlockCache() {
    flush();
    memory_.watch_code(nullptr);
}

const Block* BlockCache::find(GuestPhysical address, x86::CodeMode mode) const {
    return blocks_.find(key(address, mode),
                        [=](const Block& each) { return each.address == address && each.mode == mode; });
}

std::span<x86::Instruction> BlockCache::room_for_a_block() {
    if (instruction_chunks_.empty() || instructions_used_ + longest_block > chunk_instructions) {
        if (instruction_chunks_.size() == most_instruction_chunks_) flush();
        instruction_chunks_.push_back(std::make_unique<x86::Instruction[]>(chunk_instructions));
        instructions_used_ = 0;
    }
    return {&instruction_chunks_.back()[instructions_used_], longest_block};
}

const Block* BlockCache::insert(GuestPhysical address, x86::CodeMode mode, u16 bytes, u8 count) {
    const x86::Instruction* const first = &instruction_chunks_.back()[instructions_used_];
    instructions_used_ += count;
    Block*& page = pages_[address >> memory::page_shift];
    Block* const block = allocate_block();
    *block = {.address = address,
              .mode = mode,
              .count = count,
              .bytes = bytes,
              .first = first,
              .next_in_page = page};
    blocks_.add(key_of(*block), *block);
    page = block;
    mark_page(address);
    return block;
}

void BlockCache::mark_page(GuestPhysical address) {
    u8& flags = *memory_.page_flags(address);
    if (flags & memory::page_has_code) return;
    flags |= memory::page_has_code;
    cpu_.tlb.revoke_write(memory_.ram(align_down(address, memory::page_size)));
}

bool BlockCache::is_rather_data(GuestPhysical page) {
    WritesBesideCode& writes = beside_code_[page >> memory::page_shift];
    if (++writes.count < writes.most) return false;
    writes.count = 0;
    writes.most *= 2;
    return true;
}

void BlockCache::code_written(GuestPhysical address, u64 size) {
    drop_written(address, size);
    const GuestPhysical page = align_down(address, memory::page_size);
    const bool stays = *memory_.page_flags(address) & memory::page_has_code;
    if (stays && is_rather_data(page)) drop_written(page, memory::page_size);
}

void BlockCache::drop_written(GuestPhysical address, u64 size) {
    const bool others_stay = other_ && other_->code_written(address, size);
    const auto page = pages_.find(address >> memory::page_shift);
    if (page != pages_.end()) {
        for (Block** link = &page->second; *link;) {
            Block& block = **link;
            if (address < block.address + block.bytes && block.address < address + size) {
                blocks_.remove(key_of(block), block, key_of);
                *link = block.next_in_page;
                ++generation_;
                cpu_.request_check();
            } else {
                link = &block.next_in_page;
            }
        }
        if (page->second) return;
        pages_.erase(page);
    }
    if (!others_stay) *memory_.page_flags(address) &= static_cast<u8>(~memory::page_has_code);
}

/// Pages stay marked until they are written.
void BlockCache::flush() {
    pages_.clear();
    blocks_.clear();
    instruction_chunks_.clear();
    block_chunks_.clear();
    instructions_used_ = blocks_used_ = 0;
    ++generation_;
}

Block* BlockCache::allocate_block() {
    if (block_chunks_.empty() || blocks_used_ == chunk_blocks) {
        block_chunks_.push_back(std::make_unique<Block[]>(chunk_blocks));
        blocks_used_ = 0;
    }
    return &block_chunks_.back()[blocks_used_++];
}

} // namespace ringer::engine
