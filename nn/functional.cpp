#include "taper/nn/functional.h"

#include <algorithm>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"

namespace taper::nn::functional {

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return taper::linear(x, weight, bias);
}

Tensor relu(Tensor x, const ReLUFuncOptions& options) {
  return options.inplace() ? x.relu_() : taper::relu(x);
}

Tensor leaky_relu(Tensor x, const LeakyReLUFuncOptions& options) {
  if (!options.inplace()) return taper::leaky_relu(x, options.negative_slope());
  // As a product with the slopes, for whose gradient the overwritten input is not needed.
  const auto number = [&x](double value) { return full({}, value, x.scalar_type()); };
  return x.mul_(where(x > 0, number(1), number(options.negative_slope())));
}

Tensor sigmoid(const Tensor& x) { return taper::sigmoid(x); }

Tensor tanh(const Tensor& x) { return taper::tanh(x); }

Tensor softmax(const Tensor& x, const SoftmaxFuncOptions& options) {
  return taper::softmax(x, options.dim(), options.dtype());
}

Tensor log_softmax(const Tensor& x, const LogSoftmaxFuncOptions& options) {
  return taper::log_softmax(x, options.dim(), options.dtype());
}

Tensor dropout(Tensor x, const DropoutFuncOptions& options) {
  TAPER_CHECK(options.p() >= 0 && options.p() <= 1,
              "dropout probability has to be between 0 and 1, but got ", options.p());
  return options.inplace() ? taper::dropout_(x, options.p(), options.training())
                           : taper::dropout(x, options.p(), options.training());
}

namespace {

// Scales the rows of weight that are in use down to a norm of at most max_norm.
void renorm_rows(Tensor weight, const Tensor& indices, double max_norm, double norm_type) {
  NoGradGuard no_grad;
  const Tensor flat = indices.to(kInt64).contiguous().view({-1});
  const int64_t* data = flat.data_ptr<int64_t>();
  std::vector<int64_t> rows(data, data + flat.numel());
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  TAPER_CHECK_INDEX(rows.empty() || (rows.front() >= 0 && rows.back() < weight.size(0)),
                    "index out of range in self");
  for (int64_t row : rows) {
    Tensor vector = weight.select(0, row);
    const double norm = vector.norm(norm_type).item<double>();
    if (norm > max_norm) vector.mul_(max_norm / (norm + 1e-7));
  }
}

}  // namespace

Tensor embedding(const Tensor& indices, const Tensor& weight, const EmbeddingFuncOptions& options) {
  TAPER_CHECK(indices.scalar_type() == kInt64 || indices.scalar_type() == kInt32,
              "Expected tensor for argument #1 'indices' to have one of the following scalar "
              "types: Long, Int; but got ",
              indices.toString(), " instead (while checking arguments for embedding)");
  TAPER_CHECK(weight.dim() == 2, "'weight' must be 2-D (embedding: got sizes ", weight.sizes(),
              ")");
  int64_t padding_idx = -1;
  if (options.padding_idx()) {
    padding_idx = *options.padding_idx();
    TAPER_CHECK(padding_idx < weight.size(0), "Padding_idx must be within num_embeddings");
    TAPER_CHECK(padding_idx >= -weight.size(0), "Padding_idx must be within num_embedding");
    if (padding_idx < 0) padding_idx += weight.size(0);
  }
  if (options.max_norm()) {
    // libtorch passes both on as floats, and 0.9 is not 0.9f.
    renorm_rows(weight, indices, static_cast<float>(*options.max_norm()),
                static_cast<float>(options.norm_type()));
  }
  return taper::embedding(weight, indices, padding_idx, options.scale_grad_by_freq(),
                          options.sparse());
}

Tensor one_hot(const Tensor& x, int64_t num_classes) { return taper::one_hot(x, num_classes); }

Tensor layer_norm(const Tensor& x, const LayerNormFuncOptions& options) {
  return taper::layer_norm(x, options.normalized_shape(), options.weight(), options.bias(),
                           options.eps());
}

}  // namespace taper::nn::functional
