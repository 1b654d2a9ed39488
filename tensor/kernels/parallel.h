#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>

namespace taper::kernels {

namespace internal {
using RangeFn = void (*)(void* context, std::int64_t begin, std::int64_t end);
void parallel_for_erased(std::int64_t begin, std::int64_t end, std::int64_t grain, RangeFn fn,
                         void* context);
}  // namespace internal

/// How many threads parallel_for uses, the calling one included; at first the hardware's.
int max_threads();
void set_max_threads(int count);
/// Whether this thread runs a piece, and its number among the threads: 0 for one that is not the
/// pool's.
bool inside_parallel_for();
int thread_number();

/// Calls fn(b, e) for the pieces [begin + k * grain, begin + (k + 1) * grain) of [begin, end), on
/// several threads at once where that pays. Where the pieces lie depends on begin, end and grain
/// alone, so that results have the same bits for any number of threads; each piece is one call.
/// Runs on the calling thread when there is one piece, when called from inside a piece, or when the
/// threads are busy with another caller's work. The first exception that a piece throws is thrown
/// again here, after the pieces under way have ended; pieces not yet begun are then left out.
template <class Fn>
void parallel_for(std::int64_t begin, std::int64_t end, std::int64_t grain, Fn&& fn) {
  if (begin >= end) return;
  if (end - begin <= grain) {
    fn(begin, end);
    return;
  }
  using Callable = std::remove_reference_t<Fn>;
  internal::parallel_for_erased(
      begin, end, grain,
      [](void* context, std::int64_t b, std::int64_t e) {
        (*static_cast<Callable*>(context))(b, e);
      },
      const_cast<void*>(static_cast<const void*>(std::addressof(fn))));
}

/// Calls fn() on a thread of its own and waits for its end: for what is nested so deeply that this
/// thread's stack might not do. What fn throws is thrown again here.
void run_on_fresh_stack(const std::function<void()>& fn);

}  // namespace taper::kernels
