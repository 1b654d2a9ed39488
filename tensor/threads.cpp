#include "taper/tensor/threads.h"

#include <algorithm>
#include <atomic>

namespace taper {
namespace {

std::atomic<int> interop_threads{0};  // 0: as many as there are others

}  // namespace

void set_num_threads(int count) {
  TAPER_CHECK(count > 0, "Expected positive number of threads, got ", count);
  kernels::set_max_threads(count);
}

int get_num_threads() { return kernels::max_threads(); }

void set_num_interop_threads(int count) {
  TAPER_CHECK(count > 0, "Expected positive number of threads, got ", count);
  interop_threads.store(count, std::memory_order_relaxed);
}

int get_num_interop_threads() {
  const int count = interop_threads.load(std::memory_order_relaxed);
  return count == 0 ? get_num_threads() : count;
}

std::string get_parallel_info() {
  return "ATen/Parallel:\n\tat::get_num_threads() : " + std::to_string(get_num_threads()) +
         "\n\tat::get_num_interop_threads() : " + std::to_string(get_num_interop_threads()) +
         "\nATen parallel backend: taper\n";
}

bool in_parallel_region() { return kernels::inside_parallel_for(); }

int get_thread_num() { return kernels::thread_number(); }

std::int64_t detail::piece_size(std::int64_t n, std::int64_t grain) {
  const auto pieces_of = [n](std::int64_t size) { return (n - 1) / size + 1; };
  const std::int64_t threads = get_num_threads();
  return pieces_of(grain > 0 ? std::min(threads, pieces_of(grain)) : threads);
}

}  // namespace taper
