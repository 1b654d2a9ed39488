#include "taper/tensor/raw/slices.h"

#include <algorithm>
#include <optional>
#include <string>

#include "taper/tensor/kernels/index.h"
#include "taper/tensor/raw/choose.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/index.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
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
    operand = {index.data_ptr<int64_t>(), nullptr, sizes[d], x_strides[d]};
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

// Which words PyTorch has depends on which of its loops would run.
void check_selection(const Tensor& x, int64_t dim, const Tensor& index) {
  const int64_t size = at_least_1d(x.sizes())[static_cast<size_t>(dim)];
  if (x.dim() < 2 || (x.numel() != 0 && dim != 1)) return check_slice_bounds(index, size);
  TAPER_CHECK(size != 0 || index.numel() == 0,
              "index_select(): self indexing axis dim should be positive");
  if (std::optional<int64_t> bad = first_out_of_bounds(index, 0, size)) {
    detail::throw_error<Error>("INDICES element is out of DATA bounds, id=", *bad,
                               " axis_dim=", size);
  }
}

// The sizes without that of dim.
DimVector slice_sizes(const Tensor& x, int64_t dim) {
  DimVector sizes = x.sizes();
  if (!sizes.empty()) sizes.erase(static_cast<size_t>(dim));
  return sizes;
}

}  // namespace

Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index) {
  dim = wrap_dim(dim, x.dim());
  TAPER_CHECK_INDEX(index.dim() <= 1,
                    "index_select(): Index is supposed to be a vector, got shape ", index.sizes());
  TAPER_CHECK(is_index_dtype(index.scalar_type()),
              "index_select(): Expected dtype int32 or int64 for index, got ", index.scalar_type());
  const Tensor wide = to(index, kInt64);
  check_selection(x, dim, wide);
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
  if (index.numel() != 1 || source.dim() != 0) {
    const int64_t length = source.size(dim);
    TAPER_CHECK(index.numel() == length, "index_add_(): Number of indices (", index.numel(),
                ") should be equal to source.size(dim): (", length, "), for dim: ", dim);
  }
  bool fits = sizes.size() == source_sizes.size();
  for (size_t i = 0; fits && i < sizes.size(); ++i) {
    if (i == d) continue;
    TAPER_CHECK(sizes[i] == source_sizes[i], "The size of tensor a (", sizes[i],
                ") must match the size of tensor b (", source_sizes[i],
                ") at non-singleton dimension ", i > d ? i - 1 : i, ": index_add_() got a source ",
                source.sizes(), " for self ", self.sizes(), " and dimension ", dim);
  }
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

void index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  dim = wrap_dim(dim, self.dim());
  TAPER_CHECK_INDEX(index.dim() <= 1, "index_copy_(): Index should have dimension 1 or 0 (got ",
                    index.dim(), ")");
  TAPER_CHECK_INDEX(source.dim() != 0 || index.numel() == 1,
                    "index_copy_(): When source is scalar, index should have one element (got ",
                    index.numel(), ")");
  TAPER_CHECK_INDEX(source.dim() == self.dim() || source.dim() == 0 || self.dim() == 0,
                    "index_copy_(): When source and destination are not scalars, their "
                    "dimensionality must match. Source dimensionality (",
                    source.dim(), "), destination dimensionality (", self.dim(), ")");
  TAPER_CHECK(index.scalar_type() == kInt64,
              "index_copy_(): Expected a long tensor for index, but got ", index.scalar_type());
  TAPER_CHECK(self.scalar_type() == source.scalar_type(),
              "index_copy_(): self and source expected to have the same dtype, but got (self) ",
              self.scalar_type(), " and (source) ", source.scalar_type());
  const DimVector self_slice = slice_sizes(self, dim);
  const DimVector source_slice = slice_sizes(source, dim);
  TAPER_CHECK(IntArrayRef(self_slice) == IntArrayRef(source_slice),
              "index_copy_(): Source/destination tensor must have same slice shapes. Destination "
              "slice shape: ",
              detail::joined(self_slice), " at dimension ", dim,
              " and source slice shape: ", detail::joined(source_slice), " at dimension 0.");
  TAPER_CHECK_INDEX(source.dim() == 0 || index.numel() == source.size(dim),
                    "index_copy_(): Number of indices (", index.numel(),
                    ") should be equal to source.size(dim) (",
                    source.dim() == 0 ? 1 : source.size(dim), ")");
  const int64_t size = at_least_1d(self.sizes())[static_cast<size_t>(dim)];
  // Where nothing is written, no index is wrong.
  if (source.numel() == 0) return;
  if (std::optional<int64_t> bad = first_out_of_bounds(index, 0, size)) {
    detail::throw_error<IndexError>("index_copy_(): index ", *bad,
                                    " is out of bounds for dimension ", dim, " with size ", size);
  }
  const Tensor places = apart(index, self);
  const Tensor from = apart(source, self);
  const SliceLoop loop(self, dim, places, from);
  kernels::index_write(self.scalar_type(), loop_shape(loop.sizes),
                       {self.data_ptr(), loop.x_strides.data()},
                       {from.data_ptr(), loop.part_strides.data()}, {1, &loop.operand});
}

void index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  TAPER_CHECK(value.dim() == 0,
              "index_fill_ only supports a 0-dimensional value tensor, but got tensor with ",
              value.dim(), " dimension(s).");
  TAPER_CHECK_INDEX(index.scalar_type() == kInt64,
                    "index_fill_(): Expected dtype int64 for index.");
  dim = wrap_dim(dim, self.dim());
  TAPER_CHECK(index.dim() <= 1, "Index has to be a vector/scalar, got shape ", index.sizes());
  if (self.numel() == 0) return;
  const int64_t size = at_least_1d(self.sizes())[static_cast<size_t>(dim)];
  if (std::optional<int64_t> bad = first_out_of_bounds(index, -size, size)) {
    detail::throw_error<IndexError>("index ", *bad, " is out of bounds for dimension ", dim,
                                    " with size ", size);
  }
  const Tensor places = apart(index, self);
  const Tensor from = apart(to(value, self.scalar_type()), self);
  SliceLoop loop(self, dim, places, self);
  loop.part_strides = DimVector(loop.sizes.size(), 0);
  kernels::index_write(self.scalar_type(), loop_shape(loop.sizes),
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
  const int64_t* first = classes.data_ptr<int64_t>();
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
  if (x.numel() != 0) scatter(out, -1, unsqueeze(classes, -1), Scalar(1), Join::kReplace);
  return out;
}

// --- Elements of a tensor seen as 1-D ---

namespace {

void check_places(const Tensor& x, const Tensor& index) {
  const int64_t count = x.numel();
  if (std::optional<int64_t> bad = first_out_of_bounds(index, -count, count)) {
    detail::throw_error<IndexError>("out of range: tried to access index ", *bad,
                                    " on a tensor of ", count, " elements.");
  }
}

}  // namespace

Tensor take(const Tensor& x, const Tensor& index) {
  TAPER_CHECK(index.scalar_type() == kInt64, "take(): Expected a long tensor for index, but got ",
              index.scalar_type());
  TAPER_CHECK_INDEX(x.numel() != 0 || index.numel() == 0,
                    "take(): tried to take from an empty tensor");
  check_places(x, index);
  return raw::index(reshape(x, {x.numel()}), {contiguous(index)});
}

void put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  TAPER_CHECK(index.scalar_type() == kInt64, "put_(): Expected a long tensor for index, but got ",
              index.scalar_type());
  TAPER_CHECK(self.scalar_type() == source.scalar_type(),
              "put_(): self and source expected to have the same dtype, but got self.dtype = ",
              self.scalar_type(), " and source.dtype = ", source.scalar_type());
  TAPER_CHECK_INDEX(index.numel() == source.numel(),
                    "put_(): Expected source and index to have the same number of elements, but "
                    "got source.numel() = ",
                    source.numel(), ", index.numel() = ", index.numel());
  TAPER_CHECK_INDEX(self.numel() != 0 || index.numel() == 0,
                    "put_(): Tried to put elements into an empty tensor");
  check_places(self, index);
  const Tensor dense = contiguous(self);
  index_put(view(dense, {dense.numel()}), {reshape(index, {index.numel()})},
            reshape(source, {source.numel()}), accumulate);
  if (!dense.is_same(self)) copy(self, dense);
}

}  // namespace taper::raw
