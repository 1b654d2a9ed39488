#pragma once

#include <cstdint>

/// Loops over several strided operands at once: the dims are put in memory order and merged as far
/// as all operands allow, so that the innermost row is long and its strides are known.
namespace taper::kernels {

/// A tensor with distinct elements and no dim of size 1 has at most this many dims: 2^63 elements.
inline constexpr int kMaxDims = 64;

inline constexpr int kMaxOperands = 4;

struct StridedLoop {
  int operands;
  int ndim = 0;  // 0: one element
  std::int64_t numel = 1;
  std::int64_t sizes[kMaxDims];
  std::int64_t strides[kMaxOperands][kMaxDims];  // in elements

  /// Drops the dims of size 1, puts the rest in descending order of the first operand's strides
  /// (the output's: it has no two elements in one place) and merges neighbours.
  StridedLoop(int dims, const std::int64_t* loop_sizes, int operand_count,
              const std::int64_t* const* operand_strides)
      : operands(operand_count) {
    for (int d = 0; d < dims; ++d) numel *= loop_sizes[d];
    if (numel == 0) return;
    for (int d = 0; d < dims; ++d) {
      if (loop_sizes[d] == 1) continue;
      int at = ndim++;
      const std::int64_t key = operand_strides[0][d];
      for (; at > 0 && strides[0][at - 1] < key; --at) move(at - 1, at);
      sizes[at] = loop_sizes[d];
      for (int k = 0; k < operands; ++k) strides[k][at] = operand_strides[k][d];
    }
    merge();
  }

  /// Whether the operand's elements lie in the loop's order, without gaps.
  bool contiguous(int operand) const {
    std::int64_t expected = 1;
    for (int d = ndim - 1; d >= 0; --d) {
      if (strides[operand][d] != expected) return false;
      expected *= sizes[d];
    }
    return true;
  }

  /// The length of the innermost row and an operand's stride in it.
  std::int64_t row() const { return ndim == 0 ? 1 : sizes[ndim - 1]; }
  std::int64_t row_stride(int operand) const { return ndim == 0 ? 1 : strides[operand][ndim - 1]; }

 private:
  void move(int from, int to) {
    sizes[to] = sizes[from];
    for (int k = 0; k < operands; ++k) strides[k][to] = strides[k][from];
  }

  bool mergeable(int outer, int inner) const {
    for (int k = 0; k < operands; ++k) {
      if (strides[k][outer] != strides[k][inner] * sizes[inner]) return false;
    }
    return true;
  }

  void merge() {
    if (ndim < 2) return;
    int last = 0;
    for (int d = 1; d < ndim; ++d) {
      if (mergeable(last, d)) {
        const std::int64_t size = sizes[last];
        move(d, last);
        sizes[last] *= size;
      } else {
        move(d, ++last);
      }
    }
    ndim = last + 1;
  }
};

/// Goes from row to row of a loop; offset(k) is where operand k's present row begins.
class RowWalk {
 public:
  RowWalk(const StridedLoop& loop, std::int64_t first_row)
      : loop_(&loop), outer_(loop.ndim > 0 ? loop.ndim - 1 : 0) {
    for (int d = outer_ - 1; d >= 0; --d) {
      index_[d] = first_row % loop.sizes[d];
      first_row /= loop.sizes[d];
      for (int k = 0; k < loop.operands; ++k) offsets_[k] += index_[d] * loop.strides[k][d];
    }
  }

  void next() {
    for (int d = outer_ - 1; d >= 0; --d) {
      if (++index_[d] < loop_->sizes[d]) {
        for (int k = 0; k < loop_->operands; ++k) offsets_[k] += loop_->strides[k][d];
        return;
      }
      index_[d] = 0;
      for (int k = 0; k < loop_->operands; ++k) {
        offsets_[k] -= (loop_->sizes[d] - 1) * loop_->strides[k][d];
      }
    }
  }

  std::int64_t offset(int operand) const { return offsets_[operand]; }

 private:
  const StridedLoop* loop_;
  int outer_;
  std::int64_t index_[kMaxDims];
  std::int64_t offsets_[kMaxOperands] = {};
};

}  // namespace taper::kernels
