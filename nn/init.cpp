#include "taper/nn/init.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <vector>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"

namespace taper::nn::init {

namespace {

double kaiming_std(const Tensor& tensor, double a, const FanModeType& mode,
                   const NonlinearityType& nonlinearity) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  const int64_t fan = std::holds_alternative<enumtype::kFanIn>(mode) ? fan_in : fan_out;
  return calculate_gain(nonlinearity, a) / std::sqrt(static_cast<double>(fan));
}

double xavier_std(const Tensor& tensor, double gain) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  return gain * std::sqrt(2.0 / static_cast<double>(fan_in + fan_out));
}

// Makes the `count` vectors of `length` at `v` orthonormal, each keeping a positive product with
// what it was: the Q of the one QR factorisation whose R has a positive diagonal. Subtracting twice
// makes up for rounding in the first pass.
void orthonormalize(double* v, size_t count, size_t length) {
  for (size_t i = 0; i < count; ++i) {
    double* a = v + i * length;
    for (int pass = 0; pass < 2; ++pass) {
      for (size_t j = 0; j < i; ++j) {
        const double* b = v + j * length;
        const double product = std::inner_product(a, a + length, b, 0.0);
        for (size_t k = 0; k < length; ++k) a[k] -= product * b[k];
      }
    }
    const double norm = std::sqrt(std::inner_product(a, a + length, a, 0.0));
    for (size_t k = 0; k < length; ++k) a[k] /= norm;
  }
}

}  // namespace

double calculate_gain(NonlinearityType nonlinearity, double param) {
  const std::string_view name = nonlinearity.name();
  if (name == "kTanh") return 5.0 / 3.0;
  if (name == "kReLU") return std::sqrt(2.0);
  if (name == "kLeakyReLU") return std::sqrt(2.0 / (1 + param * param));
  const bool linear = name == "kLinear" || name == "kSigmoid" || name.substr(0, 5) == "kConv";
  TAPER_CHECK(linear, "calculate_gain: ", name, " is not a nonlinearity");
  return 1.0;
}

Tensor constant_(Tensor tensor, const Scalar& value) {
  NoGradGuard no_grad;
  return tensor.fill_(value);
}

Tensor ones_(Tensor tensor) { return constant_(std::move(tensor), 1); }

Tensor zeros_(Tensor tensor) { return constant_(std::move(tensor), 0); }

Tensor uniform_(Tensor tensor, double low, double high) {
  NoGradGuard no_grad;
  return tensor.uniform_(low, high);
}

Tensor normal_(Tensor tensor, double mean, double std) {
  NoGradGuard no_grad;
  return tensor.normal_(mean, std);
}

Tensor eye_(Tensor matrix) {
  NoGradGuard no_grad;
  TAPER_CHECK(matrix.dim() == 2, "Only tensors with 2 dimensions are supported");
  return matrix.copy_(eye(matrix.size(0), matrix.size(1), matrix.options()));
}

Tensor dirac_(Tensor tensor) {
  NoGradGuard no_grad;
  TAPER_CHECK(tensor.dim() >= 3 && tensor.dim() <= 5,
              "Only tensors with 3, 4, or 5 dimensions are supported");
  tensor.zero_();
  for (int64_t i = 0; i < std::min(tensor.size(0), tensor.size(1)); ++i) {
    Tensor at = tensor.select(0, i).select(0, i);
    while (at.dim() > 0) at = at.select(0, at.size(0) / 2);
    at.fill_(1);
  }
  return tensor;
}

Tensor orthogonal_(Tensor tensor, double gain) {
  NoGradGuard no_grad;
  TAPER_CHECK(tensor.dim() >= 2, "Only tensors with 2 or more dimensions are supported");
  if (tensor.numel() == 0) return tensor;
  const int64_t rows = tensor.size(0);
  const int64_t columns = tensor.numel() / rows;
  // In the default dtype, as libtorch draws them.
  const Tensor drawn = randn({rows, columns});
  // In rows, as many as can be orthogonal.
  Tensor vectors = rows >= columns ? drawn.t() : drawn;
  vectors = vectors.to(kFloat64).contiguous();
  orthonormalize(vectors.data_ptr<double>(), static_cast<size_t>(vectors.size(0)),
                 static_cast<size_t>(vectors.size(1)));
  if (rows >= columns) vectors = vectors.t();
  tensor.copy_(vectors.to(drawn.scalar_type()).reshape(tensor.sizes()));
  return tensor.mul_(gain);
}

Tensor sparse_(Tensor tensor, double sparsity, double std) {
  NoGradGuard no_grad;
  TAPER_CHECK(tensor.dim() == 2, "Only tensors with 2 dimensions are supported");
  const int64_t rows = tensor.size(0);
  const int64_t zeros = static_cast<int64_t>(std::ceil(sparsity * static_cast<double>(rows)));
  tensor.normal_(0, std);
  for (int64_t column = 0; column < tensor.size(1); ++column) {
    const Tensor chosen = randperm(rows).slice(0, 0, zeros);
    tensor.index_put_({chosen, column}, 0);
  }
  return tensor;
}

Tensor xavier_uniform_(Tensor tensor, double gain) {
  const double bound = std::sqrt(3.0) * xavier_std(tensor, gain);
  return uniform_(std::move(tensor), -bound, bound);
}

Tensor xavier_normal_(Tensor tensor, double gain) {
  const double std = xavier_std(tensor, gain);
  return normal_(std::move(tensor), 0, std);
}

Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double bound = std::sqrt(3.0) * kaiming_std(tensor, a, mode, nonlinearity);
  return uniform_(std::move(tensor), -bound, bound);
}

Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double std = kaiming_std(tensor, a, mode, nonlinearity);
  return normal_(std::move(tensor), 0, std);
}

std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor) {
  TAPER_CHECK(tensor.dim() >= 2,
              "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
  int64_t receptive_field = 1;
  for (int64_t i = 2; i < tensor.dim(); ++i) receptive_field *= tensor.size(i);
  return {tensor.size(1) * receptive_field, tensor.size(0) * receptive_field};
}

}  // namespace taper::nn::init
