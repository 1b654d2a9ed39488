#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "taper/tensor/error.h"
#include "taper/tensor/kernels/parallel.h"

namespace taper {

/// How many threads a kernel may use, the calling one included: at first the hardware's. It must be
/// at least 1, else Error is thrown. What taper computes does not depend on it: its work is split
/// at places that follow from the sizes alone. (PyTorch: torch::set_num_threads.)
void set_num_threads(int count);
int get_num_threads();
/// PyTorch has a second pool, for independent operations; taper has none and only remembers the
/// number.
void set_num_interop_threads(int count);
int get_num_interop_threads();
inline void init_num_threads() {}
std::string get_parallel_info();

/// Whether this is a thread of a parallel_for at work, and which one of them, from 0 on.
bool in_parallel_region();
int get_thread_num();

namespace detail {
/// The length of the pieces into which PyTorch cuts [0, n): about `grain` or more, and no more
/// pieces than threads.
std::int64_t piece_size(std::int64_t n, std::int64_t grain);
}  // namespace detail

/// Calls fn(b, e) for pieces of [begin, end) of about `grain` or more, on several threads where
/// there are several pieces. The first exception of a piece is thrown again here
/// (at::parallel_for).
template <class Fn>
void parallel_for(std::int64_t begin, std::int64_t end, std::int64_t grain, const Fn& fn) {
  TAPER_CHECK(grain >= 0, "grain_size >= 0 INTERNAL ASSERT FAILED: parallel_for with grain ",
              grain);
  if (begin >= end) return;
  kernels::parallel_for(begin, end, detail::piece_size(end - begin, grain), fn);
}

/// combine() of fn(b, e, identity) over such pieces, in their order (at::parallel_reduce).
template <class T, class Fn, class Combine>
T parallel_reduce(std::int64_t begin, std::int64_t end, std::int64_t grain, const T identity,
                  const Fn& fn, const Combine& combine) {
  TAPER_CHECK(grain >= 0, "grain_size >= 0 INTERNAL ASSERT FAILED: parallel_reduce with grain ",
              grain);
  if (begin >= end) return identity;
  const std::int64_t piece = detail::piece_size(end - begin, grain);
  // Not a vector<bool>, whose elements share bytes between threads.
  struct Partial {
    T value;
  };
  std::vector<Partial> partials(static_cast<std::size_t>((end - begin + piece - 1) / piece),
                                Partial{identity});
  kernels::parallel_for(begin, end, piece, [&](std::int64_t b, std::int64_t e) {
    partials[static_cast<std::size_t>((b - begin) / piece)].value = fn(b, e, identity);
  });
  T result = identity;
  for (const Partial& partial : partials) result = combine(result, partial.value);
  return result;
}

}  // namespace taper
