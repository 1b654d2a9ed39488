#pragma once

#include <torch/names/at.h>

// The names of torch:: beside those of at::. The nested namespaces are real, so that a program can
// open torch::nn or torch::optim; theirs are taper's by directive, and a layer that is added to
// taper is there at once.
namespace torch {

using namespace at;

using std::nullopt;
using std::optional;

using Dtype = c10::ScalarType;

using taper::kFloat32;
using taper::kFloat64;
using taper::kInt32;
using taper::kInt64;
using taper::kUInt8;
constexpr c10::ScalarType kU8 = kUInt8;
constexpr c10::ScalarType kI32 = kInt32;
constexpr c10::ScalarType kI64 = kInt64;
constexpr c10::ScalarType kF32 = kFloat32;
constexpr c10::ScalarType kF64 = kFloat64;

using taper::OrderedDict;

namespace enumtype {
using namespace taper::enumtype;
}  // namespace enumtype

using taper::kBatchMean;
using taper::kConv1D;
using taper::kConv2D;
using taper::kConv3D;
using taper::kConvTranspose1D;
using taper::kConvTranspose2D;
using taper::kConvTranspose3D;
using taper::kFanIn;
using taper::kFanOut;
using taper::kGRU;
using taper::kLeakyReLU;
using taper::kLinear;
using taper::kLSTM;
using taper::kMean;
using taper::kNone;
using taper::kReLU;
using taper::kRNN_RELU;
using taper::kRNN_TANH;
using taper::kSigmoid;
using taper::kSum;
using taper::kTanh;

namespace autograd {
using namespace taper::autograd;
using Variable = at::Tensor;
}  // namespace autograd

namespace linalg {
using namespace taper::linalg;
}  // namespace linalg

namespace nn {
using namespace taper::nn;
// Aliases, not namespaces of their own: `using namespace torch::nn;` leaves `init` one thing.
namespace functional = taper::nn::functional;
namespace init = taper::nn::init;
namespace utils = taper::nn::utils;
}  // namespace nn

namespace optim {
using namespace taper::optim;
}  // namespace optim

// There is no GPU here; a program that asks is told so.
namespace cuda {
inline size_t device_count() { return 0; }
inline bool is_available() { return false; }
inline bool cudnn_is_available() { return false; }
inline void manual_seed(uint64_t) {}
inline void manual_seed_all(uint64_t) {}
inline void synchronize(int64_t = -1) {
  throw c10::Error("No CUDA GPUs are available (torch::cuda::synchronize)");
}
}  // namespace cuda

}  // namespace torch
