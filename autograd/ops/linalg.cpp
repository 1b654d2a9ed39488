#include "taper/tensor/raw/linalg.h"

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::Save;

Tensor mm(const Tensor& a, const Tensor& b) {
  return record("MmBackward0", raw::mm(a, b), {a, b}, [&](Save& s) {
    return [a = s.input(a, 1), b = s.input(b, 0)](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad_product(0, ctx.out_grad(), t(b()));
      if (ctx.needs(1)) ctx.grad_product(1, t(a()), ctx.out_grad());
    };
  });
}

Tensor bmm(const Tensor& a, const Tensor& b) {
  return record("BmmBackward0", raw::bmm(a, b), {a, b}, [&](Save& s) {
    return [a = s.input(a, 1), b = s.input(b, 0)](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, bmm(ctx.out_grad(), transpose(b(), 1, 2)));
      if (ctx.needs(1)) ctx.grad(1, bmm(transpose(a(), 1, 2), ctx.out_grad()));
    };
  });
}

Tensor mv(const Tensor& a, const Tensor& b) {
  return record("MvBackward0", raw::mv(a, b), {a, b}, [&](Save& s) {
    return [a = s.input(a, 1), b = s.input(b, 0)](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad_product(0, unsqueeze(ctx.out_grad(), 1), unsqueeze(b(), 0));
      if (ctx.needs(1)) ctx.grad(1, mv(t(a()), ctx.out_grad()));
    };
  });
}

namespace {

Tensor dot_of(const char* name, const Tensor& a, const Tensor& b) {
  return record(name, raw::dot(a, b), {a, b}, [&](Save& s) {
    return [a = s.input(a, 1), b = s.input(b, 0)](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, mul(ctx.out_grad(), b()));
      if (ctx.needs(1)) ctx.grad(1, mul(ctx.out_grad(), a()));
    };
  });
}

}  // namespace

Tensor dot(const Tensor& a, const Tensor& b) { return dot_of("DotBackward0", a, b); }
Tensor vdot(const Tensor& a, const Tensor& b) { return dot_of("VdotBackward0", a, b); }

Tensor outer(const Tensor& a, const Tensor& b) {
  TAPER_CHECK(a.dim() == 1, "outer: Expected 1-D argument self, but got ", a.dim(), "-D");
  TAPER_CHECK(b.dim() == 1, "outer: Expected 1-D argument vec2, but got ", b.dim(), "-D");
  return mul(unsqueeze(a, 1), b);
}
Tensor ger(const Tensor& a, const Tensor& b) { return outer(a, b); }

namespace {

// Another shape for a result that nobody else holds; not a view, so that it may be changed in
// place without bookkeeping.
Tensor unsafe_view(const Tensor& x, const DimVector& sizes) {
  return record("UnsafeViewBackward0", raw::view(x, sizes), {x}, [&](Save&) {
    return [sizes = DimVector(x.sizes())](Backward& ctx) {
      ctx.grad(0, reshape(ctx.out_grad(), sizes));
    };
  });
}

// x [..., K] as [rows, K].
Tensor fold(const Tensor& x) {
  const int64_t k = x.size(-1);
  return reshape(x, {checked_numel(x.sizes().slice(0, x.sizes().size() - 1)), k});
}

// x [N, in], weight [out, in], bias [out] or undefined.
Tensor linear2d(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  if (!bias.defined()) {
    return record("MmBackward0", raw::linear(x, weight, bias), {x, weight}, [&](Save& s) {
      return [x = s.input(x, 1), weight = s.input(weight, 0)](Backward& ctx) {
        if (ctx.needs(0)) ctx.grad_product(0, ctx.out_grad(), weight());
        if (ctx.needs(1)) ctx.grad_product(1, t(ctx.out_grad()), x());
      };
    });
  }
  return record("AddmmBackward0", raw::linear(x, weight, bias), {bias, x, weight}, [&](Save& s) {
    return [x = s.input(x, 2), weight = s.input(weight, 1)](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, ctx.out_grad());
      if (ctx.needs(1)) ctx.grad_product(1, ctx.out_grad(), weight());
      if (ctx.needs(2)) ctx.grad_product(2, t(ctx.out_grad()), x());
    };
  });
}

// The product of two batches of matrices, either of which may lack batch dimensions.
Tensor batched_matmul(const Tensor& a, const Tensor& b) {
  const IntArrayRef a_sizes = a.sizes();
  const IntArrayRef b_sizes = b.sizes();
  const DimVector batch =
      broadcast_shapes(a_sizes.slice(0, a_sizes.size() - 2), b_sizes.slice(0, b_sizes.size() - 2));
  const int64_t count = checked_numel(batch);
  const auto spread = [&](const Tensor& x) {
    DimVector sizes = batch;
    sizes.push_back(x.size(-2));
    sizes.push_back(x.size(-1));
    return reshape(x.expand(sizes), {count, x.size(-2), x.size(-1)});
  };
  DimVector sizes = batch;
  sizes.push_back(a.size(-2));
  sizes.push_back(b.size(-1));
  return unsafe_view(bmm(spread(a), spread(b)), sizes);
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  TAPER_CHECK(a.dim() > 0 && b.dim() > 0,
              "both arguments to matmul need to be at least 1D, but they are ", a.dim(), "D and ",
              b.dim(), "D");
  if (a.dim() == 1 && b.dim() == 1) return dot(a, b);
  if (a.dim() == 2 && b.dim() == 1) return mv(a, b);
  if (a.dim() == 2 && b.dim() == 2) return mm(a, b);
  if (a.dim() == 1) return squeeze(matmul(unsqueeze(a, 0), b), -2);
  if (b.dim() > 2) return batched_matmul(a, b);
  // One matrix or vector on the right serves the whole batch at once.
  DimVector sizes = a.sizes();
  sizes.pop_back();
  if (b.dim() == 1) return unsafe_view(mv(fold(a), b), sizes);
  sizes.push_back(b.size(1));
  return unsafe_view(mm(fold(a), b), sizes);
}

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  if (x.dim() == 2 && weight.dim() == 2) return linear2d(x, weight, bias);
  TAPER_CHECK(x.dim() > 0, "linear: expected an input of at least 1 dimension, got a 0-dim tensor");
  if (weight.dim() == 1) {  // one output, without a dimension for it
    const Tensor product = matmul(x, weight);
    return bias.defined() ? add(product, bias) : product;
  }
  if (x.dim() == 1) return squeeze(linear2d(unsqueeze(x, 0), weight, bias), 0);
  const Tensor flat = linear2d(fold(x), weight, bias);
  DimVector sizes = x.sizes();
  sizes.back() = flat.size(1);
  return unsafe_view(flat, sizes);
}

Tensor Tensor::mm(const Tensor& other) const { return taper::mm(*this, other); }
Tensor Tensor::bmm(const Tensor& other) const { return taper::bmm(*this, other); }
Tensor Tensor::mv(const Tensor& vec) const { return taper::mv(*this, vec); }
Tensor Tensor::dot(const Tensor& other) const { return taper::dot(*this, other); }
Tensor Tensor::matmul(const Tensor& other) const { return taper::matmul(*this, other); }
Tensor Tensor::vdot(const Tensor& other) const { return taper::vdot(*this, other); }
Tensor Tensor::outer(const Tensor& vec2) const { return taper::outer(*this, vec2); }
Tensor Tensor::ger(const Tensor& vec2) const { return taper::ger(*this, vec2); }

}  // namespace taper
