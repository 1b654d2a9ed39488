#include "taper/tensor/kernels/parallel.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "taper/tensor/threads.h"

namespace taper::kernels {
namespace {

class ParallelTest : public testing::Test {
 protected:
  void SetUp() override { set_num_threads(4); }
  void TearDown() override { set_num_threads(before_); }

 private:
  int before_ = get_num_threads();
};

using Pieces = std::set<std::pair<std::int64_t, std::int64_t>>;

Pieces pieces_of(std::int64_t begin, std::int64_t end, std::int64_t grain) {
  Pieces pieces;
  std::mutex mutex;
  parallel_for(begin, end, grain, [&](std::int64_t b, std::int64_t e) {
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(pieces.emplace(b, e).second);
  });
  return pieces;
}

TEST_F(ParallelTest, PiecesDependOnSizesAlone) {
  const Pieces expected = {{3, 13}, {13, 23}, {23, 30}};
  for (const int threads : {1, 2, 3, 8}) {
    set_num_threads(threads);
    EXPECT_EQ(pieces_of(3, 30, 10), expected);
    EXPECT_EQ(pieces_of(3, 13, 10), (Pieces{{3, 13}}));
    EXPECT_EQ(pieces_of(3, 3, 10), Pieces{});
    EXPECT_EQ(pieces_of(3, 1, 10), Pieces{});
    EXPECT_EQ(pieces_of(0, 3, 0), (Pieces{{0, 1}, {1, 2}, {2, 3}}));
  }
}

TEST_F(ParallelTest, EveryIndexOnceOverManyRuns) {
  for (int run = 0; run < 500; ++run) {
    std::vector<int> counts(997, 0);
    parallel_for(0, 997, 10, [&](std::int64_t b, std::int64_t e) {
      for (std::int64_t i = b; i < e; ++i) ++counts[static_cast<std::size_t>(i)];
    });
    ASSERT_EQ(counts, std::vector<int>(997, 1));
  }
}

TEST_F(ParallelTest, SeveralThreadsTakePart) {
  // Each of two pieces waits until the other has begun: one thread alone could not end.
  std::atomic<int> begun{0};
  parallel_for(0, 2, 1, [&](std::int64_t, std::int64_t) {
    ++begun;
    while (begun.load() < 2) std::this_thread::yield();
  });
  EXPECT_EQ(begun.load(), 2);
}

TEST_F(ParallelTest, OneThreadMeansTheCallersThread) {
  set_num_threads(1);
  const std::thread::id self = std::this_thread::get_id();
  parallel_for(0, 100, 1,
               [&](std::int64_t, std::int64_t) { EXPECT_EQ(std::this_thread::get_id(), self); });
}

TEST_F(ParallelTest, NestedCallsStayOnTheirThread) {
  std::atomic<std::int64_t> sum{0};
  parallel_for(0, 16, 1, [&](std::int64_t b, std::int64_t) {
    const std::thread::id self = std::this_thread::get_id();
    parallel_for(0, 100, 7, [&](std::int64_t b2, std::int64_t e2) {
      EXPECT_EQ(std::this_thread::get_id(), self);
      for (std::int64_t i = b2; i < e2; ++i) sum += b;
    });
  });
  EXPECT_EQ(sum.load(), 120 * 100);
}

TEST_F(ParallelTest, ExceptionsReachTheCaller) {
  for (int run = 0; run < 200; ++run) {
    std::atomic<int> pieces{0};
    try {
      parallel_for(0, 1000, 1, [&](std::int64_t b, std::int64_t) {
        ++pieces;
        if (b == 5) throw std::runtime_error("piece " + std::to_string(b));
      });
      FAIL() << "no exception";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "piece 5");
    }
    EXPECT_LE(pieces.load(), 1000);
  }
  // And the pool still works.
  EXPECT_EQ(pieces_of(0, 4, 2), (Pieces{{0, 2}, {2, 4}}));
}

TEST_F(ParallelTest, ManyCallersAtOnce) {
  std::vector<std::thread> callers;
  std::atomic<std::int64_t> total{0};
  for (int c = 0; c < 6; ++c) {
    callers.emplace_back([&] {
      for (int run = 0; run < 200; ++run) {
        std::vector<std::int64_t> squares(300);
        parallel_for(0, 300, 20, [&](std::int64_t b, std::int64_t e) {
          for (std::int64_t i = b; i < e; ++i) squares[static_cast<std::size_t>(i)] = i * i;
        });
        for (const std::int64_t x : squares) total += x;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(total.load(), std::int64_t{6} * 200 * (299 * 300 * 599 / 6));
}

TEST_F(ParallelTest, WorksInAForkedChild) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "ThreadSanitizer does not follow a fork of a program with threads";
#else
  pieces_of(0, 100, 1);  // the parent has threads
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::atomic<int> begun{0};
    parallel_for(0, 2, 1, [&](std::int64_t, std::int64_t) {
      ++begun;
      while (begun.load() < 2) std::this_thread::yield();
    });
    _exit(begun.load() == 2 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
#endif
}

TEST_F(ParallelTest, NumberOfThreadsIsChecked) {
  set_num_threads(3);
  EXPECT_EQ(get_num_threads(), 3);
  EXPECT_ANY_THROW(set_num_threads(0));
  EXPECT_ANY_THROW(set_num_threads(-2));
  EXPECT_EQ(get_num_threads(), 3);
}

}  // namespace
}  // namespace taper::kernels
