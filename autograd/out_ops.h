#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"

// Operations that write into a tensor instead of making one: name_out(out, ...) for name(...), all
// of them in out_list.inc, and name_outf(..., out). PyTorch's rules: `out` takes the result's
// sizes, with a warning if it had elements and others; it keeps its dtype, to which the result must
// be castable; it may be one of the operands, but not overlap one in part. None of the operands may
// require a gradient while grad mode is on ("add(): functions with out=... arguments don't support
// automatic differentiation, but one of the arguments requires grad."). They return `out`.
namespace taper {

#define TAPER_UNPACK(...) __VA_ARGS__

#define TAPER_OR(value) = value
#define TAPER_OUT(name, rule, parameters, arguments, operands) \
  Tensor& name##_out(Tensor& out, TAPER_UNPACK parameters);
#include "taper/autograd/out_list.inc"

#define TAPER_OR(value)
#define TAPER_OUT(name, rule, parameters, arguments, operands) \
  Tensor& name##_outf(TAPER_UNPACK parameters, Tensor& out);
#include "taper/autograd/out_list.inc"

#undef TAPER_UNPACK

// --- Values and their indices ---
using TwoTensors = std::tuple<Tensor&, Tensor&>;
TwoTensors max_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim,
                   bool keepdim = false);
TwoTensors min_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim,
                   bool keepdim = false);
TwoTensors median_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim,
                      bool keepdim = false);
TwoTensors kthvalue_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t k,
                        int64_t dim = -1, bool keepdim = false);
TwoTensors sort_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim = -1,
                    bool descending = false);
TwoTensors topk_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t k, int64_t dim = -1,
                    bool largest = true, bool sorted = true);

// --- New numbers, of out's dtype ---
Tensor& empty_out(Tensor& out, IntArrayRef sizes);
Tensor& zeros_out(Tensor& out, IntArrayRef sizes);
Tensor& ones_out(Tensor& out, IntArrayRef sizes);
Tensor& full_out(Tensor& out, IntArrayRef sizes, const Scalar& value);
Tensor& eye_out(Tensor& out, int64_t n);
Tensor& eye_out(Tensor& out, int64_t n, int64_t m);
// These keep out's sizes if it has as many elements as are needed.
Tensor& arange_out(Tensor& out, const Scalar& end);
Tensor& arange_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step = 1);
Tensor& range_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step = 1);
Tensor& linspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps);
Tensor& logspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps,
                     double base = 10);

// --- Draws, as the method that fills `out` makes them ---
using GeneratorOption = std::optional<Generator>;
Tensor& rand_out(Tensor& out, IntArrayRef sizes, GeneratorOption generator = std::nullopt);
Tensor& randn_out(Tensor& out, IntArrayRef sizes, GeneratorOption generator = std::nullopt);
Tensor& randint_out(Tensor& out, int64_t high, IntArrayRef sizes,
                    GeneratorOption generator = std::nullopt);
Tensor& randint_out(Tensor& out, int64_t low, int64_t high, IntArrayRef sizes,
                    GeneratorOption generator = std::nullopt);
Tensor& randperm_out(Tensor& out, int64_t n, GeneratorOption generator = std::nullopt);
Tensor& normal_out(Tensor& out, double mean, double std, IntArrayRef sizes,
                   GeneratorOption generator = std::nullopt);
Tensor& normal_out(Tensor& out, const Tensor& mean, double std = 1,
                   GeneratorOption generator = std::nullopt);
Tensor& normal_out(Tensor& out, double mean, const Tensor& std,
                   GeneratorOption generator = std::nullopt);
Tensor& normal_out(Tensor& out, const Tensor& mean, const Tensor& std,
                   GeneratorOption generator = std::nullopt);
Tensor& bernoulli_out(Tensor& out, const Tensor& p, GeneratorOption generator = std::nullopt);
Tensor& multinomial_out(Tensor& out, const Tensor& probabilities, int64_t num_samples,
                        bool replacement = false, GeneratorOption generator = std::nullopt);

}  // namespace taper
