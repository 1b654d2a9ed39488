// The caching allocator of tensor storages.

#include "taper/tensor/allocator.h"

#include <cstring>
#include <random>
#include <thread>

#include "core_testing.h"

namespace taper {
namespace {

constexpr int64_t kDefaultLimit = int64_t{1} << 30;
constexpr int64_t kMiB = int64_t{1} << 20;

// Most of these tests see how freed memory is kept, which sanitized builds don't do.
#ifdef TAPER_SANITIZED
#define NEEDS_CACHE() \
  GTEST_SKIP() << "sanitized builds free every block at once, so that its later use is seen"
#else
#define NEEDS_CACHE() static_cast<void>(0)
#endif

// Begins with an empty cache; gives the default limit back.
class Allocator : public ::testing::Test {
 protected:
  void SetUp() override { empty_cache(); }
  void TearDown() override {
    set_cache_limit(kDefaultLimit);
    empty_cache();
  }
};

int64_t bytes_of(const Tensor& x) { return static_cast<int64_t>(x.storage().nbytes()); }

TEST_F(Allocator, AlignsEveryStorage) {
  for (int64_t n : {0, 1, 3, 63, 64, 65, 100, 1000, 4097, 70000, 3000001}) {
    for (ScalarType dtype : {kUInt8, kFloat32, kFloat64}) {
      Tensor x = empty({n}, dtype);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(x.storage().data()) % 64, 0U) << n;
      EXPECT_EQ(bytes_of(x), n * x.element_size());
    }
  }
}

TEST_F(Allocator, EveryByteIsTheCallers) {
  std::mt19937 random(1);
  std::vector<std::pair<Tensor, uint8_t>> live;
  for (int i = 0; i < 2000; ++i) {
    const auto n = static_cast<int64_t>(random() % (1U << (random() % 18)));
    const auto mark = static_cast<uint8_t>(random());
    live.emplace_back(full({n}, mark, kUInt8), mark);
    if (live.size() < 50) continue;
    std::swap(live[random() % live.size()], live.back());
    const auto& [tensor, expected] = live.back();
    ASSERT_EQ(values(tensor), Values(static_cast<size_t>(tensor.numel()), expected));
    live.pop_back();
  }
}

TEST_F(Allocator, CountsWhatIsAlive) {
  const MemoryStats before = memory_stats();
  reset_peak_memory_stats();
  EXPECT_EQ(memory_stats().peak_allocated_bytes, before.allocated_bytes);
  {
    Tensor x = empty({kMiB}, kUInt8);
    const Tensor view = x.slice(0, 10);  // a view allocates nothing
    const MemoryStats during = memory_stats();
    EXPECT_EQ(during.allocations, before.allocations + 1);
    EXPECT_GE(during.allocated_bytes, before.allocated_bytes + kMiB);
    EXPECT_LE(during.allocated_bytes, before.allocated_bytes + kMiB * 5 / 4 + 4096);
    x.reset();
    EXPECT_EQ(memory_stats().allocated_bytes, during.allocated_bytes);  // the view holds it
  }
  const MemoryStats after = memory_stats();
  EXPECT_EQ(after.allocated_bytes, before.allocated_bytes);
  EXPECT_GE(after.peak_allocated_bytes, before.allocated_bytes + kMiB);
  reset_peak_memory_stats();
  EXPECT_EQ(memory_stats().peak_allocated_bytes, after.allocated_bytes);
}

TEST_F(Allocator, ReusesWhatWasFreed) {
  NEEDS_CACHE();
  for (int64_t n : {int64_t{1}, int64_t{1000}, kMiB}) {
    const void* first = empty({n}).data_ptr();
    const MemoryStats between = memory_stats();
    EXPECT_GE(between.cached_bytes, n * 4);
    const Tensor again = empty({n});
    EXPECT_EQ(again.data_ptr(), first);
    EXPECT_EQ(memory_stats().cache_hits, between.cache_hits + 1);
    EXPECT_LT(memory_stats().cached_bytes, between.cached_bytes);
  }
}

TEST_F(Allocator, EmptyCacheGivesAllBack) {
  for (int64_t n = 1; n < 4 * kMiB; n *= 3) empty({n}, kUInt8);
#ifndef TAPER_SANITIZED
  EXPECT_GT(memory_stats().cached_bytes, kMiB);
#endif
  empty_cache();
  EXPECT_EQ(memory_stats().cached_bytes, 0);
  const int64_t hits = memory_stats().cache_hits;
  const Tensor x = empty({kMiB}, kUInt8);
  EXPECT_EQ(memory_stats().cache_hits, hits);
}

TEST_F(Allocator, LimitBoundsTheCache) {
  set_cache_limit(2 * kMiB);
  {
    std::vector<Tensor> many;
    for (int i = 0; i < 10; ++i) many.push_back(empty({kMiB - 4096}, kUInt8));
  }
  EXPECT_LE(memory_stats().cached_bytes, 2 * kMiB);
#ifndef TAPER_SANITIZED
  EXPECT_GT(memory_stats().cached_bytes, 0);
#endif
  // A lower limit gives back at once what is beyond it.
  set_cache_limit(kMiB / 2);
  EXPECT_LE(memory_stats().cached_bytes, kMiB / 2);
  set_cache_limit(0);
  EXPECT_EQ(memory_stats().cached_bytes, 0);
  EXPECT_ERROR(set_cache_limit(-1), "expected a non-negative number of bytes, got -1");
}

TEST_F(Allocator, ThreadsShareLargeBlocks) {
  NEEDS_CACHE();
  const void* freed_elsewhere = nullptr;
  std::thread([&] { freed_elsewhere = empty({kMiB}).data_ptr(); }).join();
  const int64_t hits = memory_stats().cache_hits;
  EXPECT_EQ(empty({kMiB}).data_ptr(), freed_elsewhere);
  EXPECT_EQ(memory_stats().cache_hits, hits + 1);
}

TEST_F(Allocator, EndedThreadsLeaveNothingBehind) {
  const MemoryStats before = memory_stats();
  std::thread([] {
    for (int i = 0; i < 100; ++i) ones({i});
  }).join();
  EXPECT_EQ(memory_stats().cached_bytes, before.cached_bytes);
  EXPECT_EQ(memory_stats().allocated_bytes, before.allocated_bytes);
}

TEST_F(Allocator, TensorsMoveBetweenThreads) {
  const int64_t before = memory_stats().allocated_bytes;
  std::vector<std::thread> threads;
  std::vector<std::vector<Tensor>> made(4);
  for (size_t t = 0; t < made.size(); ++t) {
    threads.emplace_back([&made, t] {
      for (int64_t i = 0; i < 500; ++i) made[t].push_back(full({i % 97 * 13}, i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& tensors : made) {
    for (size_t i = 0; i < tensors.size(); ++i) {
      if (tensors[i].numel() == 0) continue;
      EXPECT_EQ(tensors[i][-1].item<double>(), static_cast<double>(i));
    }
  }
  made.clear();
  EXPECT_EQ(memory_stats().allocated_bytes, before);
}

TEST_F(Allocator, ARefusedRequestChangesNothing) {
  const MemoryStats before = memory_stats();
  EXPECT_ERROR(empty({int64_t{1} << 50}, kUInt8), "can't allocate memory: you tried to allocate");
  EXPECT_EQ(memory_stats().allocated_bytes, before.allocated_bytes);
  EXPECT_EQ(memory_stats().allocations, before.allocations);
}

}  // namespace
}  // namespace taper
