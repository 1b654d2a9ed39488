// x.index({...}) and x.index_put_({...}, value): integers, slices, None and "..." make a view; what
// index tensors and masks choose in it is then read or written.

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/index.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_inplace;
using autograd::record_view;
using autograd::Save;
using autograd::SavedTensor;
using indexing::TensorIndex;

namespace {

// --- By index tensors; the lists are those of raw/index.h ---

std::vector<SavedTensor> save_list(Save& s, const std::vector<Tensor>& list) {
  std::vector<SavedTensor> saved;
  saved.reserve(list.size());
  for (const Tensor& index : list)
    saved.push_back(index.defined() ? s.input(index) : SavedTensor());
  return saved;
}

std::vector<Tensor> read_list(const std::vector<SavedTensor>& saved) {
  std::vector<Tensor> list;
  list.reserve(saved.size());
  for (const SavedTensor& index : saved) list.push_back(index());
  return list;
}

void put_by_list(Tensor& self, const std::vector<Tensor>& list, const Tensor& values,
                 bool accumulate);

Tensor index_by_list(const Tensor& x, const std::vector<Tensor>& list) {
  return record("IndexBackward0", raw::index(x, list), {x}, [&](Save& s) {
    return [list = save_list(s, list), sizes = DimVector(x.sizes())](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.can_write_into(0)) {
        ctx.grad_into(
            0, [&](const Tensor& buffer) { raw::index_put(buffer, read_list(list), g, true); });
      } else {
        Tensor whole = raw::zeros(sizes, g.scalar_type());
        put_by_list(whole, read_list(list), g, true);
        ctx.grad(0, whole);
      }
    };
  });
}

void put_by_list(Tensor& self, const std::vector<Tensor>& list, const Tensor& values,
                 bool accumulate) {
  record_inplace(
      "IndexPutBackward0", self, {self, values},
      [&] { raw::index_put(self, list, values, accumulate); },
      [&](Save& s) {
        return [list = save_list(s, list), accumulate](Backward& ctx) {
          const Tensor& g = ctx.out_grad();
          if (ctx.needs(0)) {
            Tensor rest = g;
            if (!accumulate) {
              rest = clone(g);
              put_by_list(rest, read_list(list), raw::scalar_tensor(0, g.scalar_type()), false);
            }
            ctx.grad(0, rest);
          }
          if (ctx.needs(1)) ctx.grad(1, index_by_list(g, read_list(list)));
        };
      });
}

// --- By an index of any kind ---

// What basic indices make of a tensor, and the index tensors that remain for its dimensions.
struct Applied {
  Tensor view;
  std::vector<Tensor> list;
};

bool is_mask(const Tensor& x) { return x.scalar_type() == kBool || x.scalar_type() == kUInt8; }

// How many dimensions of the indexed tensor an index takes.
int64_t dims_of(const TensorIndex& index) {
  if (index.is_none() || index.is_ellipsis() || index.is_boolean()) return 0;
  return index.is_tensor() && is_mask(index.tensor()) ? index.tensor().dim() : 1;
}

Tensor select_checked(const Tensor& x, int64_t dim, int64_t index, int64_t original_dim) {
  TAPER_CHECK_INDEX(x.dim() > 0,
                    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
                    "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number");
  const int64_t size = x.size(dim);
  TAPER_CHECK_INDEX(index >= -size && index < size, "index ", index,
                    " is out of bounds for dimension ", original_dim, " with size ", size);
  return select(x, dim, index);
}

Applied apply(const Tensor& x, ArrayRef<TensorIndex> indices) {
  TAPER_CHECK(!indices.empty(),
              "Passing an empty index list to Tensor::index() is not valid syntax");
  int64_t taken = 0;
  for (const TensorIndex& index : indices) {
    TAPER_CHECK(!index.is_tensor() || index.tensor().defined(),
                "index: expected defined index tensors, got an undefined one");
    taken += dims_of(index);
  }
  if (x.dim() == 0 && indices.size() == 1 && indices[0].is_integer()) {
    select_checked(x, 0, indices[0].integer(), 0);  // throws
  }
  TAPER_CHECK_INDEX(taken <= x.dim(), "too many indices for tensor of dimension ", x.dim());

  Applied applied{x, {}};
  Tensor& view = applied.view;
  int64_t dim = 0;           // of the view
  int64_t original_dim = 0;  // of x, for messages
  bool seen_ellipsis = false;
  int64_t listed = 0;  // dimensions of the view that the list speaks of
  const auto add_tensor = [&](const Tensor& tensor, int64_t dims) {
    for (; listed < dim; ++listed) applied.list.emplace_back();
    applied.list.push_back(tensor);
    dim += dims;
    listed = dim;
  };
  // True keeps all in a new dimension of size 1, false nothing in one of size 0.
  const auto add_boolean = [&](bool value) {
    view = unsqueeze(view, dim);
    add_tensor(raw::zeros({value ? 1 : 0}, kInt64), 1);
  };
  for (const TensorIndex& index : indices) {
    if (index.is_none()) {
      view = unsqueeze(view, dim++);
    } else if (index.is_ellipsis()) {
      // Any further one stands for no dimensions.
      if (!seen_ellipsis) {
        dim += x.dim() - taken;
        original_dim += x.dim() - taken;
      }
      seen_ellipsis = true;
    } else if (index.is_boolean()) {
      add_boolean(index.boolean());
    } else if (index.is_integer()) {
      view = select_checked(view, dim, index.integer(), original_dim++);
    } else if (index.is_slice()) {
      const indexing::Slice& slice = index.slice();
      TAPER_CHECK(slice.step() > 0, "step must be greater than zero");
      const bool whole = slice.start() == 0 && slice.stop() == INT64_MAX && slice.step() == 1;
      if (!whole) view = taper::slice(view, dim, slice.start(), slice.stop(), slice.step());
      ++dim;
      ++original_dim;
    } else if (const Tensor& tensor = index.tensor(); tensor.dim() > 0) {
      add_tensor(tensor, dims_of(index));
      original_dim += dims_of(index);
    } else if (is_mask(tensor)) {
      add_boolean(tensor.item().toBool());
    } else {
      TAPER_CHECK_INDEX(!tensor.is_floating_point(),
                        "tensors used as indices must be long, byte or bool tensors, got ",
                        tensor.scalar_type());
      view = select_checked(view, dim, tensor.item().toLong(), original_dim++);
    }
  }
  return applied;
}

// `value` without the leading dimensions of size 1 that a place of `dims` dimensions does not have.
Tensor fitted(Tensor value, size_t dims) {
  while (value.sizes().size() > dims && value.size(0) == 1) value = select(value, 0, 0);
  return value;
}

void write(const Tensor& self, ArrayRef<TensorIndex> indices, const Tensor& value) {
  Applied applied = apply(self, indices);
  if (applied.list.empty()) {
    applied.view.copy_(fitted(value, applied.view.sizes().size()));
    return;
  }
  const std::vector<Tensor> list = raw::index_list(applied.view, applied.list);
  put_by_list(applied.view, list, fitted(value, raw::index_shape(applied.view, list).size()),
              false);
}

}  // namespace

Tensor Tensor::index(ArrayRef<TensorIndex> indices) const {
  const Applied applied = apply(*this, indices);
  if (!applied.list.empty()) {
    return index_by_list(applied.view, raw::index_list(applied.view, applied.list));
  }
  if (!applied.view.is_same(*this)) return applied.view;
  return record_view("AliasBackward0", *this, raw::alias(*this),
                     [](Save&) { return [](Backward& ctx) { ctx.grad(0, ctx.out_grad()); }; });
}
Tensor Tensor::index(std::initializer_list<TensorIndex> indices) const {
  return index(ArrayRef<TensorIndex>(indices));
}

Tensor& Tensor::index_put_(ArrayRef<TensorIndex> indices, const Tensor& value) const {
  write(*this, indices, value);
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::index_put_(std::initializer_list<TensorIndex> indices, const Tensor& value) const {
  return index_put_(ArrayRef<TensorIndex>(indices), value);
}
Tensor& Tensor::index_put_(ArrayRef<TensorIndex> indices, const Scalar& value) const {
  return index_put_(indices, raw::scalar_tensor(value, scalar_type()));
}
Tensor& Tensor::index_put_(std::initializer_list<TensorIndex> indices, const Scalar& value) const {
  return index_put_(ArrayRef<TensorIndex>(indices), value);
}

Tensor Tensor::operator[](int64_t index) const { return select(0, index); }
Tensor Tensor::operator[](const Tensor& index) const { return this->index({index}); }
Tensor Tensor::operator[](const Scalar& index) const {
  TAPER_CHECK_INDEX(index.isIntegral(false), "Can only index tensors with integral scalars");
  return select(0, index.toLong());
}

}  // namespace taper
