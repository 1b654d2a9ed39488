// Operations that fill a given tensor with new numbers or with draws.

#include <utility>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/out_ops.h"
#include "taper/autograd/out_write.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/index.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::internal::check_out;
using autograd::internal::fit;
using autograd::internal::refuse_gradient;

// --- New numbers ---

Tensor& empty_out(Tensor& out, IntArrayRef sizes) {
  out.resize_(sizes);
  return out;
}
Tensor& zeros_out(Tensor& out, IntArrayRef sizes) { return full_out(out, sizes, 0); }
Tensor& ones_out(Tensor& out, IntArrayRef sizes) { return full_out(out, sizes, 1); }

namespace {

// Ready to be filled by one of its methods. A leaf that requires a gradient is refused as by these.
void prepare(const Tensor& out, IntArrayRef sizes) {
  check_out(out);
  checked_numel(sizes);
  static_cast<void>(autograd::internal::check_inplace(out, {out}));
  fit(out, sizes, contiguous_strides(sizes));
}

// out as fill() leaves it in those sizes, or as it was if fill() throws.
template <class Fill>
Tensor& filled(Tensor& out, IntArrayRef sizes, Fill fill) {
  check_out(out);
  const DimVector old_sizes = out.sizes();
  const DimVector old_strides = out.strides();
  prepare(out, sizes);
  try {
    return fill();
  } catch (...) {
    raw::resize(out, old_sizes, old_strides);
    throw;
  }
}

// A line of numbers, in out's sizes if they hold as many.
Tensor& write_line(Tensor& out, const Tensor& numbers) {
  check_out(out);
  if (out.numel() == numbers.numel()) {
    out.copy_(numbers.view(out.sizes()));
    return out;
  }
  prepare(out, numbers.sizes());
  return out.copy_(numbers);
}

}  // namespace

Tensor& full_out(Tensor& out, IntArrayRef sizes, const Scalar& value) {
  return filled(out, sizes, [&]() -> Tensor& { return out.fill_(value); });
}
Tensor& eye_out(Tensor& out, int64_t n) { return eye_out(out, n, n); }
Tensor& eye_out(Tensor& out, int64_t n, int64_t m) {
  check_out(out);
  const Tensor result = eye(n, m, out.scalar_type());
  prepare(out, result.sizes());
  return out.copy_(result);
}
Tensor& arange_out(Tensor& out, const Scalar& end) { return arange_out(out, 0, end, 1); }
Tensor& arange_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step) {
  return write_line(out, arange(start, end, step, out.scalar_type()));
}
Tensor& range_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step) {
  return write_line(out, range(start, end, step, out.scalar_type()));
}
Tensor& linspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps) {
  return write_line(out, linspace(start, end, steps, out.scalar_type()));
}
Tensor& logspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps,
                     double base) {
  return write_line(out, logspace(start, end, steps, base, out.scalar_type()));
}

// --- Draws ---

Tensor& rand_out(Tensor& out, IntArrayRef sizes, GeneratorOption generator) {
  return filled(out, sizes, [&]() -> Tensor& { return out.uniform_(0, 1, std::move(generator)); });
}
Tensor& randn_out(Tensor& out, IntArrayRef sizes, GeneratorOption generator) {
  check_out(out);
  TAPER_CHECK(!out.requires_grad(), "cannot resize variables that require grad");
  return normal_out(out, 0, 1, sizes, std::move(generator));
}
Tensor& randint_out(Tensor& out, int64_t high, IntArrayRef sizes, GeneratorOption generator) {
  return randint_out(out, 0, high, sizes, std::move(generator));
}
Tensor& randint_out(Tensor& out, int64_t low, int64_t high, IntArrayRef sizes,
                    GeneratorOption generator) {
  return filled(out, sizes,
                [&]() -> Tensor& { return out.random_(low, high, std::move(generator)); });
}
Tensor& randperm_out(Tensor& out, int64_t n, GeneratorOption generator) {
  check_out(out);
  const Tensor result = randperm(n, std::move(generator), out.scalar_type());
  prepare(out, result.sizes());
  return out.copy_(result);
}
Tensor& normal_out(Tensor& out, double mean, double std, IntArrayRef sizes,
                   GeneratorOption generator) {
  return filled(out, sizes,
                [&]() -> Tensor& { return out.normal_(mean, std, std::move(generator)); });
}

namespace {

// N(0, std^2) in those sizes. What an operand that is `out` held is gone then: see apart().
Tensor& draw_normal(Tensor& out, IntArrayRef sizes, double std, GeneratorOption generator) {
  return filled(out, sizes, [&]() -> Tensor& { return out.normal_(0, std, std::move(generator)); });
}

void check_no_gradient(const char* name, const Tensor& out, const Tensor& a, const Tensor& b) {
  check_out(out);
  if (out.requires_grad() || a.requires_grad() || b.requires_grad()) refuse_gradient(name);
}

void check_deviations(const Tensor& std) {
  const NoGradGuard no_grad;
  TAPER_CHECK(std.numel() == 0 || std.min().ge(0).item<bool>(),
              "normal expects all elements of std >= 0.0");
}

}  // namespace

Tensor& normal_out(Tensor& out, const Tensor& mean, double std, GeneratorOption generator) {
  check_no_gradient("normal", out, mean, mean);
  const Tensor means = raw::apart(mean, out);
  draw_normal(out, mean.sizes(), std, std::move(generator));
  const NoGradGuard no_grad;
  return out.add_(means);
}
Tensor& normal_out(Tensor& out, double mean, const Tensor& std, GeneratorOption generator) {
  check_deviations(std);
  check_no_gradient("normal", out, std, std);
  const Tensor deviations = raw::apart(std, out);
  draw_normal(out, std.sizes(), 1, std::move(generator));
  const NoGradGuard no_grad;
  return out.mul_(deviations).add_(mean);
}
Tensor& normal_out(Tensor& out, const Tensor& mean, const Tensor& std, GeneratorOption generator) {
  check_deviations(std);
  check_no_gradient("normal", out, mean, std);
  const Tensor means = raw::apart(mean, out);
  const Tensor deviations = raw::apart(std, out);
  draw_normal(out, broadcast_shapes(mean.sizes(), std.sizes()), 1, std::move(generator));
  const NoGradGuard no_grad;
  return out.mul_(deviations).add_(means);
}
Tensor& bernoulli_out(Tensor& out, const Tensor& p, GeneratorOption generator) {
  check_no_gradient("bernoulli", out, p, p);
  const Tensor probabilities = raw::apart(p, out);
  return filled(out, p.sizes(),
                [&]() -> Tensor& { return out.bernoulli_(probabilities, std::move(generator)); });
}
Tensor& multinomial_out(Tensor& out, const Tensor& probabilities, int64_t num_samples,
                        bool replacement, GeneratorOption generator) {
  check_out(out);
  TAPER_CHECK(out.scalar_type() == kInt64,
              "multinomial expects Long tensor out, got: ", out.scalar_type());
  const Tensor result = multinomial(probabilities, num_samples, replacement, std::move(generator));
  prepare(out, result.sizes());
  return out.copy_(result);
}

}  // namespace taper
