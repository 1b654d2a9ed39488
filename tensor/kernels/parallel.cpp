#include "taper/tensor/kernels/parallel.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace taper::kernels {
namespace internal {
namespace {

// Set while a thread runs pieces: what it calls then stays on that thread.
thread_local bool inside_piece = false;
thread_local int number_of_thread = 0;

class InsidePiece {
 public:
  InsidePiece() : before_(inside_piece) { inside_piece = true; }
  ~InsidePiece() { inside_piece = before_; }
  InsidePiece(const InsidePiece&) = delete;
  InsidePiece& operator=(const InsidePiece&) = delete;

 private:
  bool before_;
};

struct Job {
  std::int64_t begin, end, grain, pieces;
  RangeFn fn;
  void* context;
  std::atomic<std::int64_t> next{0};
  std::mutex error_mutex;
  std::exception_ptr error;

  void piece(std::int64_t index) const {
    const std::int64_t from = begin + index * grain;
    fn(context, from, end - from <= grain ? end : from + grain);
  }

  // Takes pieces until none is left.
  void work() noexcept {
    const InsidePiece guard;
    for (;;) {
      const std::int64_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= pieces) return;
      try {
        piece(index);
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!error) error = std::current_exception();
        next.store(pieces, std::memory_order_relaxed);
      }
    }
  }
};

class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // False if the pool is busy with another caller's job; then nothing has run.
  bool run(Job& job, int helpers) {
    const std::unique_lock owner(owner_, std::try_to_lock);
    if (!owner.owns_lock()) return false;
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) return false;
      start(helpers);
      job_ = &job;
      wanted_ = std::min(helpers, static_cast<int>(workers_.size()));
    }
    wake_.notify_all();
    job.work();
    std::unique_lock lock(mutex_);
    // A helper that has not come by now has nothing left to do, and is not waited for.
    job_ = nullptr;
    wanted_ = 0;
    done_.wait(lock, [&] { return working_ == 0; });
    return true;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
  }

 private:
  // Holds mutex_. Fewer threads than wished for are no error.
  void start(int helpers) {
    try {
      while (static_cast<int>(workers_.size()) < helpers) {
        workers_.emplace_back([this, number = static_cast<int>(workers_.size()) + 1] {
          number_of_thread = number;
          serve();
        });
      }
    } catch (const std::system_error&) {
    }
  }

  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return stopped_ || wanted_ > 0; });
      if (stopped_) return;
      --wanted_;
      ++working_;
      Job* job = job_;
      lock.unlock();
      job->work();
      lock.lock();
      if (--working_ == 0) done_.notify_one();
    }
  }

  std::mutex owner_;  // held by the caller whose job runs
  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_, done_;
  std::vector<std::thread> workers_;
  Job* job_ = nullptr;
  int wanted_ = 0;   // helpers that may still join the job
  int working_ = 0;  // helpers at work on it
  bool stopped_ = false;
};

// A forked child has none of the threads, and perhaps locks that nobody will open: it gets a new
// pool. The old one is left as it is, for it cannot be taken down.
std::atomic<Pool*> current_pool{nullptr};

struct PoolLife {
  PoolLife() {
    current_pool.store(new Pool);
    pthread_atfork(nullptr, nullptr, [] { current_pool.store(new Pool); });
  }
  ~PoolLife() { current_pool.load()->stop(); }
};

Pool& pool() {
  static const PoolLife life;
  return *current_pool.load(std::memory_order_acquire);
}

std::atomic<int>& thread_count() {
  static std::atomic<int> count{std::max(1, static_cast<int>(std::thread::hardware_concurrency()))};
  return count;
}

}  // namespace

void parallel_for_erased(std::int64_t begin, std::int64_t end, std::int64_t grain, RangeFn fn,
                         void* context) {
  grain = std::max<std::int64_t>(grain, 1);
  Job job{.begin = begin,
          .end = end,
          .grain = grain,
          .pieces = (end - begin - 1) / grain + 1,
          .fn = fn,
          .context = context,
          .error_mutex = {},
          .error = {}};
  const int threads = static_cast<int>(std::min<std::int64_t>(max_threads(), job.pieces));
  if (threads <= 1 || inside_piece || !pool().run(job, threads - 1)) {
    // What a piece calls may still use the other threads when there is only one piece.
    for (std::int64_t i = 0; i < job.pieces; ++i) job.piece(i);
    return;
  }
  if (job.error) std::rethrow_exception(job.error);
}

}  // namespace internal

bool inside_parallel_for() { return internal::inside_piece; }

int thread_number() { return internal::number_of_thread; }

int max_threads() { return internal::thread_count().load(std::memory_order_relaxed); }

void set_max_threads(int count) {
  internal::thread_count().store(std::max(count, 1), std::memory_order_relaxed);
}

void run_on_fresh_stack(const std::function<void()>& fn) {
  std::exception_ptr error;
  std::thread([&] {
    try {
      fn();
    } catch (...) {
      error = std::current_exception();
    }
  }).join();
  if (error) std::rethrow_exception(error);
}

}  // namespace taper::kernels
