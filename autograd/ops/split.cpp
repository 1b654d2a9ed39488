// A tensor cut into views. Where one operation makes them all, their gradients are joined, zeros
// where one was not used.

#include <algorithm>

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::Save;

namespace {

template <class Join>
std::vector<Tensor> record_views(const char* name, const Tensor& x, std::vector<Tensor> parts,
                                 Join join) {
  for (const Tensor& part : parts) autograd::internal::mark_view(part, x, true);
  autograd::record_outputs(name, parts, {x}, [&](Save&) {
    return [join](Backward& ctx) {
      std::vector<Tensor> grads;
      for (size_t k = 0; k < ctx.num_out_grads(); ++k)
        grads.push_back(ctx.materialized_out_grad(k));
      ctx.grad(0, join(grads));
    };
  });
  return parts;
}

}  // namespace

std::vector<Tensor> split(const Tensor& x, int64_t split_size, int64_t dim) {
  TAPER_CHECK(x.dim() != 0, "split expects at least a 1-dimensional tensor");
  TAPER_CHECK(split_size >= 0,
              "split expects split_size be non-negative, but got split_size=", split_size);
  int64_t size = x.size(dim);
  TAPER_CHECK(split_size > 0 || size == 0,
              "split_size can only be 0 if dimension size is 0, but got dimension size of ", size);
  std::vector<Tensor> parts;
  int64_t at = 0;
  do {
    int64_t length = std::min(split_size, size - at);
    parts.push_back(raw::slice(x, dim, at, at + length, 1));
    at += length;
  } while (at < size);
  return record_views("SplitBackward0", x, std::move(parts),
                      [dim](const std::vector<Tensor>& grads) { return cat(grads, dim); });
}
std::vector<Tensor> split(const Tensor& x, IntArrayRef split_sizes, int64_t dim) {
  TAPER_CHECK(x.dim() != 0, "split expects at least a 1-dimensional tensor");
  int64_t size = x.size(dim);
  int64_t at = 0;
  bool overflow = false;
  for (int64_t length : split_sizes) {
    TAPER_CHECK(
        length >= 0,
        "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=",
        split_sizes);
    overflow |= __builtin_add_overflow(at, length, &at);
  }
  TAPER_CHECK(!overflow && at == size, "split_with_sizes expects split_sizes to sum exactly to ",
              size, " (input tensor's size at dimension ", dim,
              "), but got split_sizes=", split_sizes);
  std::vector<Tensor> parts;
  at = 0;
  for (int64_t length : split_sizes) {
    parts.push_back(raw::slice(x, dim, at, at + length, 1));
    at += length;
  }
  return record_views("SplitWithSizesBackward0", x, std::move(parts),
                      [dim](const std::vector<Tensor>& grads) { return cat(grads, dim); });
}
std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t dim) {
  TAPER_CHECK(x.dim() > 0, "chunk expects at least a 1-dimensional tensor");
  TAPER_CHECK(chunks > 0, "chunk expects `chunks` to be greater than 0, got: ", chunks);
  int64_t size = x.size(dim);
  int64_t split_size = size / chunks + (size % chunks != 0 ? 1 : 0);
  if (split_size == 0) return split(x, DimVector(static_cast<size_t>(chunks), 0), dim);
  return split(x, split_size, dim);
}
std::vector<Tensor> unbind(const Tensor& x, int64_t dim) {
  const int64_t d = existing_dim(dim, x.dim());
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < x.size(d); ++i) parts.push_back(raw::select(x, d, i));
  return record_views("UnbindBackward0", x, std::move(parts),
                      [d](const std::vector<Tensor>& grads) { return stack(grads, d); });
}
std::vector<Tensor> split_with_sizes(const Tensor& x, IntArrayRef split_sizes, int64_t dim) {
  return split(x, split_sizes, dim);
}

// --- Parts that are slices, each with its own backward ---

namespace {

int64_t dim_to_split(const Tensor& x, int64_t dim) {
  TAPER_CHECK(x.dim() > 0,
              "tensor_split expected at least a 1-dimensional tensor, but got a tensor with ",
              x.dim(), " dims");
  return wrap_dim(dim, x.dim());
}

// What hsplit, vsplit and dsplit ask of their argument.
void check_split(const char* name, const Tensor& x, int64_t least) {
  TAPER_CHECK(x.dim() >= least, "torch.", name, " requires a tensor with at least ", least,
              " dimension, but got a tensor with ", x.dim(), " dimensions!");
}

std::vector<Tensor> split_evenly(const char* name, const Tensor& x, int64_t sections, int64_t dim) {
  TAPER_CHECK(sections != 0 && x.size(dim) % sections == 0, "torch.", name,
              " attempted to split along dimension ", dim, ", but the size of the dimension ",
              x.size(dim), " is not divisible by the split_size ", sections, "!");
  return tensor_split(x, sections, dim);
}

}  // namespace

std::vector<Tensor> tensor_split(const Tensor& x, int64_t sections, int64_t dim) {
  const int64_t d = dim_to_split(x, dim);
  TAPER_CHECK(sections > 0, "number of sections must be larger than 0, got ", sections);
  const int64_t length = x.size(d) / sections;
  const int64_t longer = x.size(d) % sections;
  std::vector<Tensor> parts;
  int64_t at = 0;
  for (int64_t i = 0; i < sections; ++i) {
    const int64_t end = at + length + (i < longer ? 1 : 0);
    parts.push_back(slice(x, d, at, end));
    at = end;
  }
  return parts;
}
std::vector<Tensor> tensor_split(const Tensor& x, IntArrayRef indices, int64_t dim) {
  const int64_t d = dim_to_split(x, dim);
  std::vector<Tensor> parts;
  int64_t at = 0;
  for (int64_t end : indices) {
    parts.push_back(slice(x, d, at, end));
    at = end;
  }
  parts.push_back(slice(x, d, at, x.size(d)));
  return parts;
}
std::vector<Tensor> tensor_split(const Tensor& x, const Tensor& indices_or_sections, int64_t dim) {
  const int64_t d = dim_to_split(x, dim);
  TAPER_CHECK(indices_or_sections.scalar_type() == kInt64,
              "tensor_split expected tensor_indices_or_sections to have dtype of long, but got ",
              indices_or_sections.scalar_type());
  TAPER_CHECK(indices_or_sections.dim() <= 1,
              "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or "
              "one-dimensional tensor, but got a tensor with ",
              indices_or_sections.dim(), " dims");
  if (indices_or_sections.dim() == 0) {
    return tensor_split(x, indices_or_sections.item<int64_t>(), d);
  }
  const Tensor indices = raw::contiguous(indices_or_sections);
  return tensor_split(
      x, IntArrayRef(indices.data_ptr<int64_t>(), static_cast<size_t>(indices.numel())), d);
}

std::vector<Tensor> hsplit(const Tensor& x, int64_t sections) {
  check_split("hsplit", x, 1);
  return split_evenly("hsplit", x, sections, x.dim() == 1 ? 0 : 1);
}
std::vector<Tensor> hsplit(const Tensor& x, IntArrayRef indices) {
  check_split("hsplit", x, 1);
  return tensor_split(x, indices, x.dim() == 1 ? 0 : 1);
}
std::vector<Tensor> vsplit(const Tensor& x, int64_t sections) {
  check_split("vsplit", x, 2);
  return split_evenly("vsplit", x, sections, 0);
}
std::vector<Tensor> vsplit(const Tensor& x, IntArrayRef indices) {
  check_split("vsplit", x, 2);
  return tensor_split(x, indices, 0);
}
std::vector<Tensor> dsplit(const Tensor& x, int64_t sections) {
  check_split("dsplit", x, 3);
  return split_evenly("dsplit", x, sections, 2);
}
std::vector<Tensor> dsplit(const Tensor& x, IntArrayRef indices) {
  check_split("dsplit", x, 3);
  return tensor_split(x, indices, 2);
}

// --- Methods ---

TensorVector Tensor::split(int64_t split_size, int64_t dim) const {
  return taper::split(*this, split_size, dim);
}
TensorVector Tensor::split(IntArrayRef split_sizes, int64_t dim) const {
  return taper::split(*this, split_sizes, dim);
}
TensorVector Tensor::chunk(int64_t chunks, int64_t dim) const {
  return taper::chunk(*this, chunks, dim);
}
TensorVector Tensor::unbind(int64_t dim) const { return taper::unbind(*this, dim); }
TensorVector Tensor::tensor_split(int64_t sections, int64_t dim) const {
  return taper::tensor_split(*this, sections, dim);
}
TensorVector Tensor::tensor_split(IntArrayRef indices, int64_t dim) const {
  return taper::tensor_split(*this, indices, dim);
}
TensorVector Tensor::tensor_split(const Tensor& indices_or_sections, int64_t dim) const {
  return taper::tensor_split(*this, indices_or_sections, dim);
}
TensorVector Tensor::hsplit(int64_t sections) const { return taper::hsplit(*this, sections); }
TensorVector Tensor::hsplit(IntArrayRef indices) const { return taper::hsplit(*this, indices); }
TensorVector Tensor::vsplit(int64_t sections) const { return taper::vsplit(*this, sections); }
TensorVector Tensor::vsplit(IntArrayRef indices) const { return taper::vsplit(*this, indices); }
TensorVector Tensor::dsplit(int64_t sections) const { return taper::dsplit(*this, sections); }
TensorVector Tensor::dsplit(IntArrayRef indices) const { return taper::dsplit(*this, indices); }

}  // namespace taper
