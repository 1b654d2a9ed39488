#pragma once

#include <cstddef>
#include <cstdint>

namespace taper {

// What the caching allocator of tensor storages has handed out and kept, in bytes and calls, over
// all threads.
struct MemoryStats {
  int64_t allocated_bytes = 0;       // in live storages
  int64_t peak_allocated_bytes = 0;  // highest value of allocated_bytes so far
  int64_t cached_bytes = 0;          // freed, kept for reuse
  int64_t allocations = 0;           // storages asked for
  int64_t cache_hits = 0;            // of these, served from kept blocks
};

MemoryStats memory_stats();
void reset_peak_memory_stats();

// Gives the kept blocks of the shared cache and of the calling thread back to the system.
void empty_cache();

// The most the shared cache keeps, in bytes (default 1 GiB); what is freed beyond it goes back to
// the system at once.
void set_cache_limit(int64_t bytes);

namespace detail {

inline constexpr size_t kAlignment = 64;

struct Block {
  void* data;
  size_t capacity;  // what to hand to free_block
};

// A block of at least `bytes` bytes, aligned to 64. Throws taper::Error with PyTorch's "can't
// allocate memory" when the machine has not that much.
Block allocate_block(size_t bytes);
void free_block(void* data, size_t capacity) noexcept;

// Small objects that come and go by the million (tensors, nodes): a free list per thread and size.
void* pool_allocate(size_t bytes);
void pool_free(void* p, size_t bytes) noexcept;

}  // namespace detail
}  // namespace taper
