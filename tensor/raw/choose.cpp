#include "taper/tensor/raw/choose.h"

#include <optional>
#include <string>

#include "taper/tensor/kernels/index.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/elementwise.h"
#include "taper/tensor/raw/index.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

// --- Along one dimension, an index for each element ---

void check_gather_index(const char* op, const char* of, const Tensor& x, const Tensor& index) {
  TAPER_CHECK(index.scalar_type() == kInt64, op, "(): Expected dtype int64 for index, got ",
              index.scalar_type());
  if (index.numel() == 0) return;
  TAPER_CHECK(at_least_1d(index.sizes()).size() == at_least_1d(x.sizes()).size(),
              "Index tensor must have the same number of dimensions as ", of,
              " tensor, got shapes ", index.sizes(), " and ", x.sizes());
}

void check_gather_bounds(const Tensor& x, int64_t dim, const Tensor& index) {
  const int64_t size = at_least_1d(x.sizes())[static_cast<size_t>(dim)];
  if (std::optional<int64_t> bad = first_out_of_bounds(index, 0, size)) {
    detail::throw_error<Error>("index ", *bad, " is out of bounds for dimension ", dim,
                               " with size ", size);
  }
}

// The strides of `x` in a loop over an index tensor's elements: the index itself steps along `dim`.
DimVector strides_without(const Tensor& x, int64_t dim) {
  DimVector strides = at_least_1d(x.strides());
  strides[static_cast<size_t>(dim)] = 0;
  return strides;
}

kernels::IndexOperand gather_operand(const Tensor& x, int64_t dim, const Tensor& index,
                                     IntArrayRef index_strides) {
  const auto d = static_cast<size_t>(dim);
  return {index.data_ptr<int64_t>(), index_strides.data(), at_least_1d(x.sizes())[d],
          at_least_1d(x.strides())[d]};
}

int64_t check_scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  dim = wrap_dim(dim, self.dim());
  check_gather_index("scatter", "self", self, index);
  if (source.defined()) {
    TAPER_CHECK(self.scalar_type() == source.scalar_type(),
                "scatter(): Expected self.dtype to be equal to src.dtype, got ", self.scalar_type(),
                " and ", source.scalar_type());
  }
  if (index.numel() == 0) return dim;
  const IntArrayRef sizes = at_least_1d(index.sizes());
  bool fits = true;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (static_cast<int64_t>(d) != dim && sizes[d] > at_least_1d(self.sizes())[d]) fits = false;
  }
  if (!source.defined()) {
    TAPER_CHECK(fits, "Expected index ", index.sizes(), " to be smaller than self ", self.sizes(),
                " apart from dimension ", dim);
    check_gather_bounds(self, dim, index);
    return dim;
  }
  // A source of too few dimensions is found out here first, as in PyTorch.
  for (size_t d = 0; fits && d < sizes.size(); ++d) {
    fits = sizes[d] <= (source.dim() == 0 ? 1 : source.size(static_cast<int64_t>(d)));
  }
  TAPER_CHECK(at_least_1d(source.sizes()).size() == sizes.size(),
              "Index tensor must have the same number of dimensions as src tensor, got shapes ",
              index.sizes(), " and ", source.sizes());
  TAPER_CHECK(fits, "Expected index ", index.sizes(), " to be smaller than self ", self.sizes(),
              " apart from dimension ", dim, " and to be smaller size than src ", source.sizes());
  check_gather_bounds(self, dim, index);
  return dim;
}

using IndexedWrite = void (*)(ScalarType, kernels::LoopShape, kernels::Output, kernels::Operand,
                              kernels::Indices);

IndexedWrite write_of(Join join) {
  switch (join) {
    case Join::kAdd:
      return kernels::index_add;
    case Join::kMultiply:
      return kernels::index_multiply;
    case Join::kReplace:
      break;
  }
  return kernels::index_write;
}

// The loop of all scatters; source_strides run over the index's dimensions.
void scatter_loop(IndexedWrite write, const Tensor& self, int64_t dim, const Tensor& given_index,
                  const Tensor& source, IntArrayRef source_strides) {
  const Tensor index = apart(given_index, self);
  const DimVector strides = strides_without(self, dim);
  const IntArrayRef index_strides = at_least_1d(index.strides());
  const kernels::IndexOperand operand = gather_operand(self, dim, index, index_strides);
  write(self.scalar_type(), loop_shape(at_least_1d(index.sizes())),
        {self.data_ptr(), strides.data()}, {source.data_ptr(), source_strides.data()},
        {1, &operand});
}

}  // namespace

Tensor gather(const Tensor& x, int64_t dim, const Tensor& index) {
  dim = wrap_dim(dim, x.dim());
  check_gather_index("gather", "input", x, index);
  Tensor out = empty(index.sizes(), x.scalar_type());
  if (index.numel() == 0) return out;
  const IntArrayRef sizes = at_least_1d(index.sizes());
  for (size_t d = 0; d < sizes.size(); ++d) {
    TAPER_CHECK(static_cast<int64_t>(d) == dim || sizes[d] <= at_least_1d(x.sizes())[d],
                "Size does not match at dimension ", d, " expected index ", index.sizes(),
                " to be smaller than self ", x.sizes(), " apart from dimension ", dim);
  }
  check_gather_bounds(x, dim, index);
  const DimVector strides = strides_without(x, dim);
  const IntArrayRef index_strides = at_least_1d(index.strides());
  const kernels::IndexOperand operand = gather_operand(x, dim, index, index_strides);
  kernels::index_read(x.scalar_type(), loop_shape(sizes),
                      {out.data_ptr(), at_least_1d(out.strides()).data()},
                      {x.data_ptr(), strides.data()}, {1, &operand});
  return out;
}

void scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
             Join join) {
  dim = check_scatter(self, dim, index, source);
  if (index.numel() == 0) return;
  const Tensor from = apart(source, self);
  scatter_loop(write_of(join), self, dim, index, from, at_least_1d(from.strides()));
}

void scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, Join join) {
  const Tensor from = scalar_tensor(value, self.scalar_type());
  dim = check_scatter(self, dim, index, {});
  if (index.numel() == 0) return;
  const DimVector no_strides(at_least_1d(index.sizes()).size(), 0);
  scatter_loop(write_of(join), self, dim, index, from, no_strides);
}

Join join_named(const std::string& reduce) {
  TAPER_CHECK(reduce == "add" || reduce == "multiply",
              "reduce argument must be either add or multiply.");
  return reduce == "add" ? Join::kAdd : Join::kMultiply;
}

// --- Masks ---

namespace {

Tensor fill_value(const Tensor& value, ScalarType dtype) {
  TAPER_CHECK(value.dim() == 0,
              "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ",
              value.dim(), " dimension(s).");
  return to(value, dtype);
}

void check_mask(const Tensor& mask, const char* op) {
  // Bytes are taken for the sake of old programs.
  TAPER_CHECK(mask.scalar_type() == kBool || mask.scalar_type() == kUInt8, op,
              ": expected BoolTensor or ByteTensor for mask, got dtype ", mask.scalar_type());
}

}  // namespace

DimVector masked_shape(const Tensor& x, const Tensor& mask, const char* op) {
  check_mask(mask, op);
  return broadcast_shapes(mask.sizes(), x.sizes());
}

Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value) {
  const DimVector shape = broadcast_shapes(mask.sizes(), x.sizes());
  check_mask(mask, "masked_fill");  // PyTorch speaks of the shapes first
  // Row-major, unlike what other elementwise operations give.
  Tensor result = empty(shape, x.scalar_type());
  copy(result, x);
  masked_fill_into(result, mask, value);
  return result;
}

void masked_fill_into(const Tensor& self, const Tensor& mask, const Tensor& value) {
  const DimVector shape = broadcast_shapes(self.sizes(), mask.sizes());
  check_mask(mask, "masked_fill_");
  check_output_shape(self, shape, "masked_fill_");
  const Tensor bools = apart(expand(to(mask, kBool), self.sizes()), self);
  const Tensor filled = apart(fill_value(value, self.scalar_type()), self);
  const DimVector no_strides(self.sizes().size(), 0);
  kernels::map_where(
      self.scalar_type(), loop_shape(self.sizes()), {bools.data_ptr(), bools.strides().data()},
      {filled.data_ptr(), no_strides.data()}, {self.data_ptr(), self.strides().data()},
      {self.data_ptr(), self.strides().data()});
}

Tensor nonzero(const Tensor& x) {
  const Tensor dense = contiguous(x);
  const int64_t count = kernels::count_nonzero(x.scalar_type(), x.numel(), dense.data_ptr());
  // Coordinate by coordinate in memory, as in PyTorch: an index by this mask reads them so.
  const Tensor out = transpose(empty({x.dim(), count}, kInt64), 0, 1);
  if (out.numel() != 0) {
    kernels::nonzero(x.scalar_type(), loop_shape(x.sizes()), dense.data_ptr(), count,
                     static_cast<int64_t*>(out.data_ptr()));
  }
  return out;
}

Tensor mask_positions(const Tensor& mask) {
  return view(nonzero(reshape(mask, {mask.numel()})), {-1});
}

Tensor masked_scatter(const Tensor& x, const Tensor& mask, const Tensor& source) {
  TAPER_CHECK(x.scalar_type() == source.scalar_type(),
              "masked_scatter: expected self and source to have same dtypes but got",
              x.scalar_type(), " and ", source.scalar_type());
  masked_shape(x, mask, "masked_scatter");
  const Tensor positions = mask_positions(mask);
  TAPER_CHECK(source.numel() >= positions.numel(),
              "Number of elements of source < number of ones in mask");
  const Tensor out = row_major(x);
  const Tensor given = view(contiguous(source), {source.numel()});
  index_put(view(out, {out.numel()}), {positions}, slice(given, 0, 0, positions.numel(), 1), false);
  return out;
}

}  // namespace taper::raw
