// Layer normalization. x^ = (x - mean) / sqrt(var + eps) over the last dimensions, y = x^ w + b.

#include <vector>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::Save;

namespace {

struct Moments {
  Tensor mean;  // sizes 1 in the normalized dimensions
  Tensor rstd;  // 1 / sqrt(var + eps)
};

Moments moments(const Tensor& x, const std::vector<int64_t>& dims, double eps) {
  Moments m;
  m.mean = x.mean(dims, /*keepdim=*/true);
  m.rstd = rsqrt(square(x - m.mean).mean(dims, /*keepdim=*/true) + eps);
  return m;
}

void check_layer_norm(const Tensor& x, IntArrayRef shape, const Tensor& weight,
                      const Tensor& bias) {
  TAPER_CHECK(!shape.empty(),
              "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least "
              "one element, but got normalized_shape = ",
              shape);
  const auto check_parameter = [&](const char* name, const Tensor& parameter) {
    TAPER_CHECK(!parameter.defined() || parameter.sizes() == shape, "Expected ", name,
                " to be of same shape as normalized_shape, but got ", name, " of shape ",
                parameter.sizes(), " and normalized_shape = ", shape);
  };
  check_parameter("weight", weight);
  check_parameter("bias", bias);
  const size_t rank = x.sizes().size();
  if (rank < shape.size() || x.sizes().slice(rank - shape.size()) != shape) {
    detail::MessageBuilder expected;  // [*, 3, 4]
    for (int64_t size : shape) {
      expected.add(", ");
      expected.add(size);
    }
    detail::throw_error<Error>("Given normalized_shape=", shape, ", expected input with shape [*",
                               expected.take(), "], but got input of size", x.sizes());
  }
  TAPER_CHECK(x.is_floating_point(), "\"LayerNormKernelImpl\" not implemented for '",
              x.scalar_type(), "'");
  for (const Tensor* parameter : {&weight, &bias}) {
    TAPER_CHECK(!parameter->defined() || parameter->scalar_type() == x.scalar_type(),
                "expected scalar type ", x.scalar_type(), " but found ", parameter->scalar_type());
  }
}

}  // namespace

Tensor layer_norm(const Tensor& x, IntArrayRef normalized_shape,
                  const std::optional<Tensor>& weight_opt, const std::optional<Tensor>& bias_opt,
                  double eps, bool) {
  const Tensor weight = weight_opt.value_or(Tensor());
  const Tensor bias = bias_opt.value_or(Tensor());
  check_layer_norm(x, normalized_shape, weight, bias);
  std::vector<int64_t> dims;
  for (size_t i = normalized_shape.size(); i > 0; --i) dims.push_back(-static_cast<int64_t>(i));

  Moments m;
  Tensor y;
  {
    NoGradGuard no_grad;
    const Tensor dense = x.contiguous();
    m = moments(dense, dims, eps);
    y = (dense - m.mean) * m.rstd;
    if (weight.defined()) y = y * weight;
    if (bias.defined()) y = y + bias;
  }
  return record("NativeLayerNormBackward0", y, {x, weight, bias}, [&](Save& s) {
    const bool keeps_x = s.needs(0) || s.needs(1);
    return [x = keeps_x ? s.input(x) : autograd::SavedTensor(), weight = s.input(weight, 0), m,
            dims, eps](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(2)) ctx.grad(2, g);
      if (!ctx.needs(0) && !ctx.needs(1)) return;
      // To be differentiated again, the moments have to be functions of x.
      const auto [mean, rstd] = GradMode::is_enabled() ? moments(x(), dims, eps) : m;
      const Tensor normal = (x() - mean) * rstd;
      if (ctx.needs(1)) ctx.grad(1, g * normal);
      if (!ctx.needs(0)) return;
      const Tensor h = weight.saved() ? g * weight() : g;
      ctx.grad(0, rstd * (h - h.mean(dims, true) - normal * (h * normal).mean(dims, true)));
    };
  });
}

}  // namespace taper
