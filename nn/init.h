#pragma once

#include <cstdint>
#include <tuple>
#include <variant>

#include "taper/nn/enum.h"
#include "taper/tensor/tensor.h"

// Initial values, written in place without being recorded (torch::nn::init). Each returns its
// tensor.
namespace taper::nn::init {

// One of kLinear, kConv1D to kConvTranspose3D, kSigmoid, kTanh, kReLU, kLeakyReLU. No std::variant:
// one of so many types takes longer to compile than all the rest of this header.
class NonlinearityType {
 public:
  template <class E, class = decltype(E::text())>
  NonlinearityType(E choice) : name_(choice.text()) {}
  // "kTanh"
  const char* name() const { return name_; }

 private:
  const char* name_;
};
using FanModeType = std::variant<enumtype::kFanIn, enumtype::kFanOut>;

// The factor that keeps the variance through a nonlinearity: tanh 5/3, relu sqrt(2), leaky relu of
// slope `param` sqrt(2 / (1 + param^2)), else 1.
double calculate_gain(NonlinearityType nonlinearity, double param = 0.01);

Tensor constant_(Tensor tensor, const Scalar& value);
Tensor ones_(Tensor tensor);
Tensor zeros_(Tensor tensor);
Tensor uniform_(Tensor tensor, double low = 0, double high = 1);
Tensor normal_(Tensor tensor, double mean = 0, double std = 1);
// Ones on the diagonal of a matrix, else zeros.
Tensor eye_(Tensor matrix);
// The convolution weights [out, in, k...] that copy channel i to channel i.
Tensor dirac_(Tensor tensor);
// A matrix (further dimensions count as columns) of orthonormal rows or columns, whichever are
// fewer, times gain.
Tensor orthogonal_(Tensor tensor, double gain = 1.0);
// normal_(0, std), then ceil(sparsity * rows) zeros at random places of each column.
Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01);

// With fan_in = size(1) * k and fan_out = size(0) * k, k the elements per pair of channels:
// xavier: std = gain * sqrt(2 / (fan_in + fan_out)); kaiming: std = calculate_gain(nonlinearity, a)
// / sqrt(fan). The uniform ones are U(-sqrt(3) std, sqrt(3) std). Fewer than 2 dimensions throw
// taper::Error.
Tensor xavier_uniform_(Tensor tensor, double gain = 1.0);
Tensor xavier_normal_(Tensor tensor, double gain = 1.0);
Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                        NonlinearityType nonlinearity = kLeakyReLU);
Tensor kaiming_normal_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                       NonlinearityType nonlinearity = kLeakyReLU);
// (fan_in, fan_out)
std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor);

}  // namespace taper::nn::init
