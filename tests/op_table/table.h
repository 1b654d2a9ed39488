#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

// The same rows compile with libtorch, or with the headers that stand for it (tests/parity).
#ifdef OP_TABLE_OF_TORCH
#include <torch/torch.h>
namespace T = torch;
#else
#include "taper/taper.h"
namespace T = taper;
#endif

// The op table: one row for each public operation, from which its tests follow. Rows are written in
// libtorch's calls through the alias T.

namespace op_table {

using Tensors = std::vector<T::Tensor>;
using Call = std::function<Tensors(const Tensors&)>;

// One call of the operation. Floating-point inputs are float64 and require a gradient.
struct Case {
  std::string label;
  Tensors inputs;
  Call call;
};

enum Trait : unsigned {
  kNone = 0,
  kNoGradient = 1,    // results are integers or bools, or constants of the inputs
  kZeroGradient = 2,  // piecewise constant: the derivative is zero, and its sign cannot be told
  kInPlace = 4,       // the call changes (a copy of) its first input
  kLeaksLayout =
      8,  // the result depends on strides by design (view, as_strided): no layout variants
  kOnlyFloat64 = 16,  // the result depends on the width of the floats by design
};

struct Row {
  std::string name;  // of the function, or of the method if there is only that
  unsigned traits = kNone;
  std::vector<Case> cases;
};

// Every row. Built anew at each call, so that no test sees another's tensors.
std::vector<Row> rows();

// The parts, one for each file of rows.
std::vector<Row> elementwise_rows();
std::vector<Row> arithmetic_rows();
std::vector<Row> logic_rows();
std::vector<Row> reduction_rows();
std::vector<Row> order_rows();
std::vector<Row> linear_algebra_rows();
std::vector<Row> distance_rows();
std::vector<Row> loss_rows();
std::vector<Row> choosing_rows();
std::vector<Row> shape_rows();
std::vector<Row> splitting_rows();
std::vector<Row> rearranging_rows();
std::vector<Row> searching_rows();

// --- Sample makers ---

// Float64 values in about [-2, 2], deterministic, at least 0.08 away from every multiple of one
// half, where kinks are.
T::Tensor real(T::IntArrayRef sizes);
// The same in about [0.6, 2.4].
T::Tensor positive(T::IntArrayRef sizes);
T::Tensor integers(T::IntArrayRef sizes, int64_t low, int64_t high);
T::Tensor mask(T::IntArrayRef sizes);

Case one(std::string label, T::Tensor x, std::function<T::Tensor(const T::Tensor&)> f);
Case two(std::string label, T::Tensor a, T::Tensor b,
         std::function<T::Tensor(const T::Tensor&, const T::Tensor&)> f);
Case three(std::string label, T::Tensor a, T::Tensor b, T::Tensor c,
           std::function<T::Tensor(const T::Tensor&, const T::Tensor&, const T::Tensor&)> f);
// For several results: the first and the last are used, unevenly.
Case several(std::string label, T::Tensor x, std::function<Tensors(const T::Tensor&)> f);

// The parts of a result that is a pair.
T::Tensor values(const std::tuple<T::Tensor, T::Tensor>& pair);
T::Tensor indices(const std::tuple<T::Tensor, T::Tensor>& pair);

}  // namespace op_table
