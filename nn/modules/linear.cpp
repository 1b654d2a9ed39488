#include "taper/nn/modules/linear.h"

#include <cmath>
#include <ostream>

#include "taper/nn/functional.h"
#include "taper/nn/init.h"
#include "taper/tensor/factories.h"

namespace taper::nn {

template class Cloneable<IdentityImpl>;
template class Cloneable<LinearImpl>;
template class Cloneable<FlattenImpl>;

void IdentityImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Identity()"; }

Tensor IdentityImpl::forward(const Tensor& input) { return input; }

LinearImpl::LinearImpl(const LinearOptions& options) : options(options) { LinearImpl::reset(); }

void LinearImpl::reset() {
  weight = register_parameter("weight", empty({options.out_features(), options.in_features()}));
  bias = register_parameter("bias", options.bias() ? empty({options.out_features()}) : Tensor());
  reset_parameters();
}

void LinearImpl::reset_parameters() {
  if (weight.numel() == 0) {
    if (bias.defined()) init::zeros_(bias);
    return;
  }
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (bias.defined()) {
    const double bound = 1 / std::sqrt(static_cast<double>(options.in_features()));
    init::uniform_(bias, -bound, bound);
  }
}

void LinearImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Linear(in_features=" << options.in_features()
         << ", out_features=" << options.out_features()
         << ", bias=" << (options.bias() ? "true" : "false") << ')';
}

Tensor LinearImpl::forward(const Tensor& input) {
  TAPER_CHECK(input.defined(),
              "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
              "#0 'self' (Linear: expected input [..., ",
              options.in_features(), "])");
  TAPER_CHECK(input.dim() >= 1,
              "both arguments to matmul need to be at least 1D, but they are 0D and 2D (Linear)");
  if (input.size(-1) != options.in_features()) {
    const int64_t features = input.size(-1);
    int64_t rows = 1;
    for (int64_t i = 0; i + 1 < input.dim(); ++i) rows *= input.size(i);
    taper::detail::throw_error<Error>("mat1 and mat2 shapes cannot be multiplied (", rows, "x",
                                      features, " and ", options.in_features(), "x",
                                      options.out_features(), ") (Linear: expected input [..., ",
                                      options.in_features(), "], got ", input.sizes(), ")");
  }
  TAPER_CHECK(input.scalar_type() == weight.scalar_type(),
              "mat1 and mat2 must have the same dtype (Linear: expected input of ",
              weight.scalar_type(), ", got ", input.scalar_type(), ")");
  return functional::linear(input, weight, bias);
}

void FlattenImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Flatten(start_dim=" << options.start_dim()
         << ", end_dim=" << options.end_dim() << ')';
}

Tensor FlattenImpl::forward(const Tensor& input) {
  return input.flatten(options.start_dim(), options.end_dim());
}

}  // namespace taper::nn
