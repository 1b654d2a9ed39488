#include "taper/tensor/allocator.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

#include "taper/tensor/error.h"

namespace taper {
namespace detail {
namespace {

#ifdef TAPER_SANITIZED
// The sanitizers see a use after free only if a freed block is really freed.
constexpr bool kCaching = false;
#else
constexpr bool kCaching = true;
#endif

// Sizes are rounded up to one of four steps per power of two, from 64 bytes on, so that at most a
// fifth is wasted and a freed block fits the next tensor of about its size.
constexpr size_t kMinShift = 6;
constexpr size_t kSteps = 4;
constexpr size_t kClasses = (48 - kMinShift) * kSteps + 1;

size_t class_of(size_t bytes) {
  if (bytes <= (size_t{1} << kMinShift)) return 0;
  size_t shift =
      static_cast<size_t>(std::bit_width(bytes - 1)) - 1;  // 2^shift < bytes <= 2^(shift+1)
  size_t step = (bytes - 1 - (size_t{1} << shift)) >> (shift - 2);
  return (shift - kMinShift) * kSteps + step + 1;
}

size_t capacity_of(size_t size_class) {
  if (size_class == 0) return size_t{1} << kMinShift;
  size_t shift = (size_class - 1) / kSteps + kMinShift;
  size_t step = (size_class - 1) % kSteps;
  return (size_t{1} << shift) + (step + 1) * (size_t{1} << (shift - 2));
}

size_t physical_memory() {
  static const size_t bytes =
      static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

[[noreturn]] void throw_out_of_memory(size_t bytes) {
  throw_error<Error>("DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes,
                     " bytes. Error code 12 (Cannot allocate memory)");
}

void* system_allocate(size_t bytes) {
  // Refused here and not left to the system, which may promise more than there is and kill the
  // process later.
  if (bytes > physical_memory()) throw_out_of_memory(bytes);
  void* p = std::aligned_alloc(kAlignment, (bytes + kAlignment - 1) / kAlignment * kAlignment);
  if (p == nullptr) throw_out_of_memory(bytes);
  return p;
}

struct Counters {
  std::atomic<int64_t> allocated{0};
  std::atomic<int64_t> peak{0};
  std::atomic<int64_t> cached{0};
  std::atomic<int64_t> allocations{0};
  std::atomic<int64_t> hits{0};
};
Counters counters;

// Blocks that any thread may reuse.
class SharedCache {
 public:
  void* take(size_t size_class) {
    std::lock_guard lock(mutex_);
    std::vector<void*>& list = lists_[size_class];
    if (list.empty()) return nullptr;
    void* p = list.back();
    list.pop_back();
    bytes_ -= capacity_of(size_class);
    return p;
  }
  // False if there is no room.
  bool give(size_t size_class, void* p) noexcept {
    std::lock_guard lock(mutex_);
    if (bytes_ + capacity_of(size_class) > limit_) return false;
    try {
      lists_[size_class].push_back(p);
    } catch (const std::bad_alloc&) {
      return false;
    }
    bytes_ += capacity_of(size_class);
    return true;
  }
  void trim(size_t limit) {
    std::lock_guard lock(mutex_);
    for (size_t c = kClasses; c-- > 0 && bytes_ > limit;) {
      while (!lists_[c].empty() && bytes_ > limit) {
        std::free(lists_[c].back());
        lists_[c].pop_back();
        bytes_ -= capacity_of(c);
        counters.cached.fetch_sub(static_cast<int64_t>(capacity_of(c)), std::memory_order_relaxed);
      }
    }
  }
  void set_limit(size_t limit) {
    {
      std::lock_guard lock(mutex_);
      limit_ = limit;
    }
    trim(limit);
  }

 private:
  std::mutex mutex_;
  std::array<std::vector<void*>, kClasses> lists_;
  size_t bytes_ = 0;
  size_t limit_ = size_t{1} << 30;
};

// Never destroyed: tensors in static variables are freed after it would be.
SharedCache& shared_cache() {
  static auto* cache = new SharedCache;
  return *cache;
}

// Lists of free memory, each chained through the memory itself.
template <size_t kCount>
class FreeLists {
 public:
  // Null if that list is empty.
  void* take(size_t list) {
    Link* link = lists_[list];
    if (link != nullptr) lists_[list] = link->next;
    return link;
  }
  void give(size_t list, void* p) { lists_[list] = new (p) Link{lists_[list]}; }

 private:
  struct Link {
    Link* next;
  };
  std::array<Link*, kCount> lists_{};
};

// The calling thread's T. Null once it is destroyed: what the thread's later-dying thread-local
// variables free goes past it.
template <class T>
T* thread_own() {
  thread_local bool gone = false;
  if (gone) return nullptr;
  struct Holder {
    T own;
    ~Holder() { gone = true; }
  };
  thread_local Holder holder;
  return &holder.own;
}

// Small blocks of one thread, taken and given without a lock.
class ThreadCache {
 public:
  static constexpr size_t kLargest = 16384;
  static constexpr size_t kClassCount = (14 - kMinShift) * kSteps + 1;  // class_of(kLargest) + 1
  static constexpr size_t kMaxBytes = size_t{4} << 20;

  ~ThreadCache() { clear(); }
  void* take(size_t size_class) {
    void* p = lists_.take(size_class);
    if (p != nullptr) bytes_ -= capacity_of(size_class);
    return p;
  }
  bool give(size_t size_class, void* p) {
    const size_t capacity = capacity_of(size_class);
    if (bytes_ + capacity > kMaxBytes) return false;
    lists_.give(size_class, p);
    bytes_ += capacity;
    return true;
  }
  void clear() {
    for (size_t c = 0; c < kClassCount; ++c) {
      while (void* p = take(c)) {
        counters.cached.fetch_sub(static_cast<int64_t>(capacity_of(c)), std::memory_order_relaxed);
        std::free(p);
      }
    }
  }

 private:
  FreeLists<kClassCount> lists_;
  size_t bytes_ = 0;
};

void* take_cached(size_t size_class) {
  if (size_class < ThreadCache::kClassCount) {
    if (ThreadCache* cache = thread_own<ThreadCache>()) {
      if (void* p = cache->take(size_class)) return p;
    }
  }
  return shared_cache().take(size_class);
}

bool give_cached(size_t size_class, void* p) {
  if (size_class < ThreadCache::kClassCount) {
    if (ThreadCache* cache = thread_own<ThreadCache>()) {
      if (cache->give(size_class, p)) return true;
    }
  }
  return shared_cache().give(size_class, p);
}

}  // namespace

Block allocate_block(size_t bytes) {
  size_t size_class = class_of(bytes);
  if (bytes > physical_memory()) throw_out_of_memory(bytes);
  size_t capacity = kCaching ? capacity_of(size_class) : bytes;
  void* p = kCaching ? take_cached(size_class) : nullptr;
  counters.allocations.fetch_add(1, std::memory_order_relaxed);
  if (p != nullptr) {
    counters.hits.fetch_add(1, std::memory_order_relaxed);
    counters.cached.fetch_sub(static_cast<int64_t>(capacity), std::memory_order_relaxed);
  } else {
    p = system_allocate(capacity);
  }
  int64_t now =
      counters.allocated.fetch_add(static_cast<int64_t>(capacity), std::memory_order_relaxed) +
      static_cast<int64_t>(capacity);
  int64_t peak = counters.peak.load(std::memory_order_relaxed);
  while (now > peak && !counters.peak.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
  return {p, capacity};
}

void free_block(void* data, size_t capacity) noexcept {
  counters.allocated.fetch_sub(static_cast<int64_t>(capacity), std::memory_order_relaxed);
  if (kCaching && give_cached(class_of(capacity), data)) {
    counters.cached.fetch_add(static_cast<int64_t>(capacity), std::memory_order_relaxed);
  } else {
    std::free(data);
  }
}

namespace {

// Free lists of small objects in steps of 64 bytes, of one thread: what is beyond kMaxObjects goes
// back to the system.
class ObjectPool {
 public:
  static constexpr size_t kStep = 64;
  static constexpr size_t kClassCount = 12;  // up to 768 bytes

  ~ObjectPool() {
    for (size_t c = 0; c < kClassCount; ++c) {
      while (void* p = lists_.take(c)) std::free(p);
    }
  }
  void* take(size_t size_class) {
    void* p = lists_.take(size_class);
    if (p != nullptr) --counts_[size_class];
    return p;
  }
  bool give(size_t size_class, void* p) {
    if (counts_[size_class] >= kMaxObjects) return false;
    lists_.give(size_class, p);
    ++counts_[size_class];
    return true;
  }

 private:
  static constexpr uint32_t kMaxObjects = 1 << 14;
  FreeLists<kClassCount> lists_;
  std::array<uint32_t, kClassCount> counts_{};
};

}  // namespace

void* pool_allocate(size_t bytes) {
  size_t size_class = (bytes - 1) / ObjectPool::kStep;
  if (kCaching && size_class < ObjectPool::kClassCount) {
    if (ObjectPool* pool = thread_own<ObjectPool>()) {
      if (void* p = pool->take(size_class)) return p;
    }
  }
  void* p = std::malloc((size_class + 1) * ObjectPool::kStep);
  if (p == nullptr) throw_out_of_memory(bytes);
  return p;
}

void pool_free(void* p, size_t bytes) noexcept {
  size_t size_class = (bytes - 1) / ObjectPool::kStep;
  if (kCaching && size_class < ObjectPool::kClassCount) {
    if (ObjectPool* pool = thread_own<ObjectPool>()) {
      if (pool->give(size_class, p)) return;
    }
  }
  std::free(p);
}

}  // namespace detail

MemoryStats memory_stats() {
  MemoryStats stats;
  stats.allocated_bytes = detail::counters.allocated.load(std::memory_order_relaxed);
  stats.peak_allocated_bytes = detail::counters.peak.load(std::memory_order_relaxed);
  stats.cached_bytes = detail::counters.cached.load(std::memory_order_relaxed);
  stats.allocations = detail::counters.allocations.load(std::memory_order_relaxed);
  stats.cache_hits = detail::counters.hits.load(std::memory_order_relaxed);
  return stats;
}

void reset_peak_memory_stats() {
  detail::counters.peak.store(detail::counters.allocated.load(std::memory_order_relaxed),
                              std::memory_order_relaxed);
}

void empty_cache() {
  if (detail::ThreadCache* cache = detail::thread_own<detail::ThreadCache>()) cache->clear();
  detail::shared_cache().trim(0);
}

void set_cache_limit(int64_t bytes) {
  TAPER_CHECK(bytes >= 0, "set_cache_limit: expected a non-negative number of bytes, got ", bytes);
  detail::shared_cache().set_limit(static_cast<size_t>(bytes));
}

}  // namespace taper
