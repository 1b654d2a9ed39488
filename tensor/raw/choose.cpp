#include "taper/tensor/raw/choose.h"

#include <algorithm>
#include <optional>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/index.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/elementwise.h"
#include "taper/tensor/raw/index.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

const int64_t* int64_data(const Tensor& x) { return static_cast<const int64_t*>(x.data_ptr()); }

kernels::LoopShape loop_shape(IntArrayRef sizes) {
  return {static_cast<int>(sizes.size()), sizes.data()};
}

// --- Along one dimension, an index for each element ---

// 0-dim tensors count as having one dimension.
IntArrayRef at_least_1d(IntArrayRef list) {
  static constexpr int64_t kOne[] = {1};
  return list.empty() ? IntArrayRef(kOne) : list;
}

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
    detail::throw_error<IndexError>("index ", *bad, " is out of bounds for dimension ", dim,
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
  return {int64_data(index), index_strides.data(), at_least_1d(x.sizes())[d],
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
  if (source.defined()) {
    TAPER_CHECK(at_least_1d(source.sizes()).size() == sizes.size(),
                "Index tensor must have the same number of dimensions as src tensor, got shapes ",
                index.sizes(), " and ", source.sizes());
    for (size_t d = 0; d < sizes.size(); ++d)
      fits = fits && sizes[d] <= at_least_1d(source.sizes())[d];
    TAPER_CHECK(fits, "Expected index ", index.sizes(), " to be smaller than self ", self.sizes(),
                " apart from dimension ", dim, " and to be smaller size than src ", source.sizes());
  } else {
    TAPER_CHECK(fits, "Expected index ", index.sizes(), " to be smaller than self ", self.sizes(),
                " apart from dimension ", dim);
  }
  check_gather_bounds(self, dim, index);
  return dim;
}

using IndexedWrite = void (*)(ScalarType, kernels::LoopShape, kernels::Output, kernels::Operand,
                              kernels::Indices);

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
             bool accumulate) {
  dim = check_scatter(self, dim, index, source);
  if (index.numel() == 0) return;
  const Tensor from = apart(source, self);
  scatter_loop(accumulate ? kernels::index_add : kernels::index_write, self, dim, index, from,
               at_least_1d(from.strides()));
}

void scatter_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  dim = check_scatter(self, dim, index, {});
  if (index.numel() == 0) return;
  const DimVector no_strides(at_least_1d(index.sizes()).size(), 0);
  scatter_loop(kernels::index_write, self, dim, index, scalar_tensor(value, self.scalar_type()),
               no_strides);
}

// --- Along one dimension, an index for each slice ---

namespace {

// index_select and index_add: x is the indexed tensor, `part` its selected slices.
struct SliceLoop {
  SliceLoop(const Tensor& x, int64_t dim, const Tensor& given_index, const Tensor& part)
      : index(given_index),
        sizes(at_least_1d(x.sizes())),
        x_strides(at_least_1d(x.strides())),
        part_strides(at_least_1d(part.strides())),
        index_strides(sizes.size(), 0) {
    const auto d = static_cast<size_t>(dim);
    operand = {int64_data(index), nullptr, sizes[d], x_strides[d]};
    sizes[d] = index.numel();
    x_strides[d] = 0;
    index_strides[d] = index.dim() == 0 ? 0 : index.strides()[0];
    operand.strides = index_strides.data();
  }
  SliceLoop(const SliceLoop&) = delete;
  SliceLoop& operator=(const SliceLoop&) = delete;

  Tensor index;
  DimVector sizes;
  DimVector x_strides;
  DimVector part_strides;
  DimVector index_strides;
  kernels::IndexOperand operand;
};

bool is_index_dtype(ScalarType dtype) { return dtype == kInt64 || dtype == kInt32; }

void check_slice_bounds(const Tensor& index, int64_t size) {
  if (std::optional<int64_t> bad = first_out_of_bounds(index, 0, size)) {
    detail::throw_error<IndexError>("index out of range in self: index ", *bad,
                                    " of a dimension with size ", size);
  }
}

}  // namespace

Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index) {
  dim = wrap_dim(dim, x.dim());
  TAPER_CHECK_INDEX(index.dim() <= 1,
                    "index_select(): Index is supposed to be a vector, got shape ", index.sizes());
  TAPER_CHECK(is_index_dtype(index.scalar_type()),
              "index_select(): Expected dtype int32 or int64 for index, got ", index.scalar_type());
  const Tensor wide = to(index, kInt64);
  check_slice_bounds(wide, at_least_1d(x.sizes())[static_cast<size_t>(dim)]);
  DimVector sizes = x.sizes();
  if (x.dim() > 0) sizes[static_cast<size_t>(dim)] = index.numel();
  Tensor out = empty(sizes, x.scalar_type());
  if (x.dim() == 0) {  // any number of indices select the one element
    copy(out, x);
    return out;
  }
  const SliceLoop loop(x, dim, wide, out);
  kernels::index_read(x.scalar_type(), loop_shape(loop.sizes),
                      {out.data_ptr(), loop.part_strides.data()},
                      {x.data_ptr(), loop.x_strides.data()}, {1, &loop.operand});
  return out;
}

void index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  dim = wrap_dim(dim, self.dim());
  TAPER_CHECK_INDEX(index.dim() <= 1,
                    "index_add_(): Index is supposed to be a vector, but got dim: ", index.dim(),
                    " with type: ", index.scalar_type(), " and size: ", index.sizes());
  TAPER_CHECK(is_index_dtype(index.scalar_type()),
              "index_add_(): Expected dtype int32/int64 for index but got: ", index.scalar_type());
  TAPER_CHECK(self.scalar_type() == source.scalar_type(), "index_add_(): self (",
              self.scalar_type(), ") and source (", source.scalar_type(),
              ") must have the same scalar type");
  const auto d = static_cast<size_t>(dim);
  const IntArrayRef sizes = at_least_1d(self.sizes());
  const IntArrayRef source_sizes = at_least_1d(source.sizes());
  TAPER_CHECK(d < source_sizes.size() && index.numel() == source_sizes[d],
              "index_add_(): Number of indices (", index.numel(),
              ") should be equal to source.size(dim): (",
              d < source_sizes.size() ? source_sizes[d] : 0, "), for dim: ", dim);
  bool fits = sizes.size() == source_sizes.size();
  for (size_t i = 0; fits && i < sizes.size(); ++i) fits = i == d || sizes[i] == source_sizes[i];
  TAPER_CHECK(fits, "index_add_(): expected a source of self's shape ", self.sizes(),
              " but for dimension ", dim, ", got ", source.sizes());
  const Tensor wide = apart(to(index, kInt64), self);
  check_slice_bounds(wide, sizes[d]);
  const Tensor from = apart(source, self);
  const SliceLoop loop(self, dim, wide, from);
  kernels::index_add(self.scalar_type(), loop_shape(loop.sizes),
                     {self.data_ptr(), loop.x_strides.data()},
                     {from.data_ptr(), loop.part_strides.data()}, {1, &loop.operand});
}

Tensor embedding(const Tensor& weight, const Tensor& indices) {
  TAPER_CHECK(weight.dim() == 2, "'weight' must be 2-D, got shape ", weight.sizes());
  TAPER_CHECK(is_index_dtype(indices.scalar_type()),
              "Expected tensor for argument #1 'indices' to have one of the following scalar "
              "types: Long, Int; but got "
              "CPU",
              indices.scalar_type(), "Type instead (while checking arguments for embedding)");
  DimVector sizes = indices.sizes();
  sizes.push_back(weight.size(1));
  return view(index_select(weight, 0, reshape(indices, {indices.numel()})), sizes);
}

Tensor one_hot(const Tensor& x, int64_t num_classes) {
  TAPER_CHECK(x.scalar_type() == kInt64, "one_hot is only applicable to index tensor. Got dtype ",
              x.scalar_type());
  TAPER_CHECK(x.numel() != 0 || num_classes > 0,
              "Can not infer total number of classes from empty tensor.");
  const Tensor classes = contiguous(x);
  const int64_t* first = int64_data(classes);
  const int64_t* last = first + classes.numel();
  TAPER_CHECK(std::all_of(first, last, [](int64_t c) { return c >= 0; }),
              "Class values must be non-negative.");
  if (num_classes == -1) {
    num_classes = *std::max_element(first, last) + 1;
  } else {
    TAPER_CHECK(std::all_of(first, last, [&](int64_t c) { return c < num_classes; }),
                "Class values must be smaller than num_classes.");
  }
  DimVector sizes = x.sizes();
  sizes.push_back(num_classes);
  Tensor out = zeros(sizes, kInt64);
  if (x.numel() != 0) scatter_fill(out, -1, unsqueeze(classes, -1), 1);
  return out;
}

// --- Masks ---

namespace {

Tensor fill_value(const Tensor& value, ScalarType dtype) {
  TAPER_CHECK(value.dim() == 0,
              "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ",
              value.dim(), " dimension(s).");
  return to(value, dtype);
}

}  // namespace

DimVector masked_shape(const Tensor& x, const Tensor& mask, const char* op) {
  // Bytes are taken for the sake of old programs.
  TAPER_CHECK(mask.scalar_type() == kBool || mask.scalar_type() == kUInt8, op,
              ": expected BoolTensor or ByteTensor for mask, got dtype ", mask.scalar_type());
  return broadcast_shapes(mask.sizes(), x.sizes());
}

Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value) {
  // Row-major, unlike what other elementwise operations give.
  Tensor result = empty(masked_shape(x, mask, "masked_fill"), x.scalar_type());
  copy(result, x);
  masked_fill_into(result, mask, value);
  return result;
}

void masked_fill_into(const Tensor& self, const Tensor& mask, const Tensor& value) {
  const DimVector shape = masked_shape(self, mask, "masked_fill_");
  TAPER_CHECK(self.sizes() == IntArrayRef(shape), "output with shape ", self.sizes(),
              " doesn't match the broadcast shape ", IntArrayRef(shape));
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
  Tensor out = empty({count, x.dim()}, kInt64);
  if (out.numel() != 0) {
    kernels::nonzero(x.scalar_type(), loop_shape(x.sizes()), dense.data_ptr(),
                     static_cast<int64_t*>(out.data_ptr()));
  }
  return out;
}

Tensor mask_positions(const Tensor& mask) {
  return view(nonzero(reshape(mask, {mask.numel()})), {-1});
}

}  // namespace taper::raw
