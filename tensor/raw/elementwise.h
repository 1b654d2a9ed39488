#pragma once

#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/tensor.h"

// Elementwise operations without a tape, over the formulas of kernels/formulas.h.
namespace taper::raw {

// y[i] = f(x[i]); integers become the default dtype first where the formula's domain is floats.
Tensor unary(kernels::Formula f, const kernels::Params& params, kernels::Domain domain,
             const Tensor& x);
// out = f(x) in the same shape and dtype; out may be x.
void unary_into(kernels::Formula f, const kernels::Params& params, kernels::Domain domain,
                const Tensor& x, const Tensor& out);
// dx = vjp(g, saved), all of one shape and dtype.
Tensor unary_vjp(kernels::Formula f, const kernels::Params& params, const Tensor& g,
                 const Tensor& saved);

// The dtype in which binary formula of this domain computes on a and b.
ScalarType compute_type(kernels::Domain domain, ScalarType promoted);
// y[i] = f(a[i], b[i]) with promotion and broadcasting.
Tensor binary(kernels::Formula f, const kernels::Params& params, kernels::Domain domain,
              const Tensor& a, const Tensor& b);
// The same written into `out`, whose shape the broadcast must have; `who` names the op in errors.
void binary_into(kernels::Formula f, const kernels::Params& params, kernels::Domain domain,
                 const Tensor& a, const Tensor& b, const Tensor& out, const char* who);
// vjp_a (which = 0) or vjp_b (which = 1) in the broadcast shape, which is that of g. a and b may be
// undefined where the formula does not need them.
Tensor binary_vjp(kernels::Formula f, const kernels::Params& params, int which, const Tensor& g,
                  const Tensor& a, const Tensor& b);
Tensor ternary(kernels::Formula f, const kernels::Params& params, kernels::Domain domain,
               const Tensor& a, const Tensor& b, const Tensor& c);

Tensor compare(kernels::Comparison op, const Tensor& a, const Tensor& b);
Tensor logical(kernels::Logical op, const Tensor& a, const Tensor& b);
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);

}  // namespace taper::raw
