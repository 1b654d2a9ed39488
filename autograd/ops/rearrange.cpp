// Whole tensors, in another order, in part, or with elements repeated.

#include "taper/tensor/raw/rearrange.h"

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/join.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_inplace;
using autograd::Save;

// --- Turned and shifted ---

Tensor flip(const Tensor& x, IntArrayRef dims) {
  return record("FlipBackward0", raw::flip(x, dims), {x}, [&](Save&) {
    return [dims = DimVector(dims)](Backward& ctx) { ctx.grad(0, flip(ctx.out_grad(), dims)); };
  });
}

Tensor fliplr(const Tensor& x) {
  TAPER_CHECK(x.dim() >= 2, "Input must be >= 2-d.");
  return flip(x, {1});
}
Tensor flipud(const Tensor& x) {
  TAPER_CHECK(x.dim() >= 1, "Input must be >= 1-d.");
  return flip(x, {0});
}

namespace {

// Shifts within their dimensions; no dims for the only shift of x as if it were 1-D.
Tensor roll_within(const Tensor& x, const DimVector& shifts, const DimVector& dims) {
  const bool flat = dims.empty() && !shifts.empty();
  const Tensor rolled =
      flat ? raw::view(raw::roll(raw::reshape(x, {x.numel()}), shifts, {0}), x.sizes())
           : raw::roll(x, shifts, dims);
  return record("RollBackward0", rolled, {x}, [&](Save&) {
    DimVector back = shifts;
    for (size_t i = 0; i < back.size(); ++i) {
      if (back[i] != 0) back[i] = (flat ? x.numel() : x.size(dims[i])) - back[i];
    }
    return [back, dims](Backward& ctx) { ctx.grad(0, roll_within(ctx.out_grad(), back, dims)); };
  });
}

}  // namespace

Tensor roll(const Tensor& x, IntArrayRef shifts, IntArrayRef dims) {
  TAPER_CHECK(!shifts.empty(), "`shifts` required");
  const bool flat = dims.empty() && shifts.size() == 1;
  TAPER_CHECK(flat || shifts.size() == dims.size(),
              "shifts and dimensions must align. shifts: ", shifts.size(), ", dims:", dims.size());
  if (x.numel() == 0) return roll_within(x, {}, {});
  DimVector within, wrapped;
  for (size_t i = 0; i < shifts.size(); ++i) {
    if (!flat) wrapped.push_back(existing_dim(dims[i], x.dim()));
    const int64_t size = flat ? x.numel() : x.size(wrapped[i]);
    within.push_back((shifts[i] % size + size) % size);
  }
  return roll_within(x, within, wrapped);
}

Tensor rot90(const Tensor& x, int64_t k, IntArrayRef dims) {
  TAPER_CHECK(dims.size() == 2, "expected total rotation dims == 2, but got dims = ", dims.size());
  TAPER_CHECK(x.dim() >= 2, "expected total dims >= 2, but got total dims = ", x.dim());
  const int64_t ndim = x.dim();
  const auto in_range = [ndim](int64_t dim) { return dim >= -ndim && dim < ndim; };
  const bool far = dims[0] - ndim == dims[1] || dims[1] - ndim == dims[0];
  TAPER_CHECK(dims[0] != dims[1] && !far,
              "expected rotation dims to be different, but got dim0 = ", dims[0],
              " and dim1 = ", dims[1]);
  TAPER_CHECK(in_range(dims[0]), "Rotation dim0 out of range, dim0 = ", dims[0]);
  TAPER_CHECK(in_range(dims[1]), "Rotation dim1 out of range, dim1 = ", dims[1]);
  const int64_t turns = (k % 4 + 4) % 4;
  Tensor turned;
  switch (turns) {
    case 0:
      turned = raw::row_major(x);
      break;
    case 1:
      turned = raw::transpose(raw::flip(x, {dims[1]}), dims[0], dims[1]);
      break;
    case 2:
      turned = raw::flip(x, dims);
      break;
    default:
      turned = raw::transpose(raw::flip(x, {dims[0]}), dims[0], dims[1]);
  }
  return record("Rot90Backward0", turned, {x}, [&](Save&) {
    return [turns, dims = DimVector(dims)](Backward& ctx) {
      ctx.grad(0, rot90(ctx.out_grad(), -turns, dims));
    };
  });
}

// --- Triangles ---

namespace {

auto triangle_backward(int64_t diagonal, bool upper) {
  return [=](Save&) {
    return [=](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      ctx.grad(0, upper ? triu(g, diagonal) : tril(g, diagonal));
    };
  };
}

Tensor& triangle_(const char* name, const Tensor& self, int64_t diagonal, bool upper) {
  const Tensor kept = raw::triangle(self, diagonal, upper);
  return record_inplace(
      name, self, {self}, [&] { raw::copy(self, kept); }, triangle_backward(diagonal, upper));
}

}  // namespace

Tensor tril(const Tensor& x, int64_t diagonal) {
  return record("TrilBackward0", raw::triangle(x, diagonal, false), {x},
                triangle_backward(diagonal, false));
}
Tensor triu(const Tensor& x, int64_t diagonal) {
  return record("TriuBackward0", raw::triangle(x, diagonal, true), {x},
                triangle_backward(diagonal, true));
}
Tensor& Tensor::tril_(int64_t diagonal) const {
  return triangle_("TrilBackward0", *this, diagonal, false);
}
Tensor& Tensor::triu_(int64_t diagonal) const {
  return triangle_("TriuBackward0", *this, diagonal, true);
}

namespace {

Tensor triangle_indices(int64_t rows, int64_t columns, int64_t offset, bool upper,
                        const TensorOptions& options) {
  detail::check_cpu(options.device());
  return raw::triangle_indices(rows, columns, offset, upper, options.dtype_opt().value_or(kInt64));
}

}  // namespace

Tensor tril_indices(int64_t rows, int64_t columns, int64_t offset, const TensorOptions& options) {
  return triangle_indices(rows, columns, offset, false, options);
}
Tensor triu_indices(int64_t rows, int64_t columns, int64_t offset, const TensorOptions& options) {
  return triangle_indices(rows, columns, offset, true, options);
}

// --- Diagonals ---

Tensor diag(const Tensor& x, int64_t diagonal) {
  TAPER_CHECK(x.dim() == 1 || x.dim() == 2, "matrix or a vector expected");
  if (x.dim() == 1) {
    return record("DiagBackward0", raw::diag_embed(x, diagonal, 0, 1), {x}, [&](Save&) {
      return [diagonal](Backward& ctx) { ctx.grad(0, diag(ctx.out_grad(), diagonal)); };
    });
  }
  TAPER_CHECK(diagonal <= x.size(1) && diagonal >= -x.size(0),
              "numel: integer multiplication overflow: a matrix of shape ", x.sizes(),
              " has no diagonal ", diagonal);
  return record("DiagBackward0", raw::row_major(raw::diagonal(x, diagonal, 0, 1)), {x}, [&](Save&) {
    return [diagonal, sizes = DimVector(x.sizes())](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      ctx.grad(0, diagonal_scatter(raw::zeros(sizes, g.scalar_type()), g, diagonal));
    };
  });
}

Tensor diag_embed(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  return record("DiagEmbedBackward0", raw::diag_embed(x, offset, dim1, dim2), {x}, [&](Save&) {
    return [=](Backward& ctx) { ctx.grad(0, ctx.out_grad().diagonal(offset, dim1, dim2)); };
  });
}

Tensor diagflat(const Tensor& x, int64_t offset) { return diag(ravel(x), offset); }

// --- A copy of x with a part replaced ---

namespace {

// `part(x)` is a raw view of x, or of a gradient.
template <class Part>
Tensor replace_part(const char* name, const Tensor& x, const Tensor& source, Part part) {
  Tensor result = raw::clone(x);
  const Tensor place = part(raw::alias(result));
  TAPER_CHECK(place.sizes() == source.sizes(),
              "expected src to have a size equal to the slice of self. src size = ", source.sizes(),
              ", slice size = ", place.sizes());
  raw::copy(place, source);
  return record(name, result, {x, source}, [&](Save&) {
    return [name, part, dtype = source.scalar_type()](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) {
        const Tensor zeros = raw::zeros(part(raw::alias(g)).sizes(), dtype);
        ctx.grad(0, replace_part(name, g, zeros, part));
      }
      if (ctx.needs(1)) ctx.grad(1, part(g));
    };
  });
}

}  // namespace

Tensor select_scatter(const Tensor& x, const Tensor& source, int64_t dim, int64_t index) {
  return replace_part("SelectScatterBackward0", x, source,
                      [=](const Tensor& whole) { return whole.select(dim, index); });
}
Tensor slice_scatter(const Tensor& x, const Tensor& source, int64_t dim,
                     std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  return replace_part("SliceScatterBackward0", x, source,
                      [=](const Tensor& whole) { return whole.slice(dim, start, end, step); });
}
Tensor diagonal_scatter(const Tensor& x, const Tensor& source, int64_t offset, int64_t dim1,
                        int64_t dim2) {
  return replace_part("DiagonalScatterBackward0", x, source,
                      [=](const Tensor& whole) { return whole.diagonal(offset, dim1, dim2); });
}

// --- Repeated ---

Tensor Tensor::repeat(IntArrayRef repeats) const {
  return record("RepeatBackward0", raw::repeat(*this, repeats), {*this}, [&](Save&) {
    return [repeats = DimVector(repeats), sizes = DimVector(sizes())](Backward& ctx) {
      if (repeats.empty()) {
        ctx.grad(0, ctx.out_grad());
        return;
      }
      // Seen as [r0, s0, r1, s1, ...], the copies stand along the r.
      const size_t added = repeats.size() - sizes.size();
      DimVector split, copies;
      for (size_t d = 0; d < repeats.size(); ++d) {
        split.push_back(repeats[d]);
        split.push_back(d < added ? 1 : sizes[d - added]);
        copies.push_back(static_cast<int64_t>(2 * d));
      }
      ctx.grad(0, ctx.out_grad().reshape(split).sum(IntArrayRef(copies)).reshape(sizes));
    };
  });
}

Tensor tile(const Tensor& x, IntArrayRef dims) {
  DimVector repeats(
      x.dim() > static_cast<int64_t>(dims.size()) ? x.sizes().size() - dims.size() : 0, 1);
  for (int64_t dim : dims) repeats.push_back(dim);
  return x.repeat(repeats);
}

Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size) {
  return raw::repeat_interleave(repeats, output_size);
}
Tensor repeat_interleave(const Tensor& x, const Tensor& repeats, std::optional<int64_t> dim,
                         std::optional<int64_t> output_size) {
  const Tensor whole = dim ? x : x.flatten();
  const int64_t d = dim.value_or(0);
  TAPER_CHECK(repeats.dim() <= 1, "repeats must be 0-dim or 1-dim tensor");
  const int64_t length = whole.size(d);
  Tensor counts = repeats;
  if (repeats.numel() == 1) {
    counts = repeats.reshape({1}).expand({length});
  } else {
    TAPER_CHECK(repeats.size(0) == length, "repeats must have the same size as input along dim");
  }
  return index_select(whole, d, raw::repeat_interleave(counts, output_size));
}
Tensor repeat_interleave(const Tensor& x, int64_t repeats, std::optional<int64_t> dim,
                         std::optional<int64_t> output_size) {
  return repeat_interleave(x, raw::scalar_tensor(repeats, kInt64), dim, output_size);
}

// --- Methods ---

Tensor Tensor::flip(IntArrayRef dims) const { return taper::flip(*this, dims); }
Tensor Tensor::fliplr() const { return taper::fliplr(*this); }
Tensor Tensor::flipud() const { return taper::flipud(*this); }
Tensor Tensor::roll(IntArrayRef shifts, IntArrayRef dims) const {
  return taper::roll(*this, shifts, dims);
}
Tensor Tensor::rot90(int64_t k, IntArrayRef dims) const { return taper::rot90(*this, k, dims); }
Tensor Tensor::tril(int64_t diagonal) const { return taper::tril(*this, diagonal); }
Tensor Tensor::triu(int64_t diagonal) const { return taper::triu(*this, diagonal); }
Tensor Tensor::diag(int64_t diagonal) const { return taper::diag(*this, diagonal); }
Tensor Tensor::diag_embed(int64_t offset, int64_t dim1, int64_t dim2) const {
  return taper::diag_embed(*this, offset, dim1, dim2);
}
Tensor Tensor::diagflat(int64_t offset) const { return taper::diagflat(*this, offset); }
Tensor Tensor::select_scatter(const Tensor& source, int64_t dim, int64_t index) const {
  return taper::select_scatter(*this, source, dim, index);
}
Tensor Tensor::slice_scatter(const Tensor& source, int64_t dim, std::optional<int64_t> start,
                             std::optional<int64_t> end, int64_t step) const {
  return taper::slice_scatter(*this, source, dim, start, end, step);
}
Tensor Tensor::diagonal_scatter(const Tensor& source, int64_t offset, int64_t dim1,
                                int64_t dim2) const {
  return taper::diagonal_scatter(*this, source, offset, dim1, dim2);
}
Tensor Tensor::tile(IntArrayRef dims) const { return taper::tile(*this, dims); }
Tensor Tensor::repeat_interleave(int64_t repeats, std::optional<int64_t> dim,
                                 std::optional<int64_t> output_size) const {
  return taper::repeat_interleave(*this, repeats, dim, output_size);
}
Tensor Tensor::repeat_interleave(const Tensor& repeats, std::optional<int64_t> dim,
                                 std::optional<int64_t> output_size) const {
  return taper::repeat_interleave(*this, repeats, dim, output_size);
}

}  // namespace taper
