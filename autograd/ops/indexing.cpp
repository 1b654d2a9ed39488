// x.index({...}) and x.index_put_({...}, value): integers, slices, None and "..." make a view; what
// index tensors and masks choose in it is then read or written.

#include <algorithm>

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
using indexing::TensorIndexType;

namespace {

// --- By index tensors; the lists are those of raw/index.h ---

std::vector<SavedTensor> save_list(Save& s, const std::vector<Tensor>& list) {
  std::vector<SavedTensor> saved;
  saved.reserve(list.size());
  for (const Tensor& index : list) saved.push_back(s.input(index));
  return saved;
}

std::vector<Tensor> read_list(const std::vector<SavedTensor>& saved) {
  std::vector<Tensor> list;
  list.reserve(saved.size());
  for (const SavedTensor& index : saved) list.push_back(index());
  return list;
}

void put_by_list(const Tensor& self, const std::vector<Tensor>& list, const Tensor& values,
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

void put_by_list(const Tensor& self, const std::vector<Tensor>& list, const Tensor& values,
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
  const bool mask = index.is_tensor() && index.tensor().defined() && is_mask(index.tensor());
  return mask ? index.tensor().dim() : 1;
}

Tensor select_checked(const Tensor& x, int64_t dim, int64_t index, size_t position) {
  TAPER_CHECK_INDEX(x.dim() > 0,
                    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
                    "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number");
  const int64_t size = x.size(dim);
  TAPER_CHECK_INDEX(index >= -size && index < size, "index ", index,
                    " is out of bounds for dimension ", position, " with size ", size);
  return select(x, dim, index);
}

Tensor slice_checked(const Tensor& x, int64_t dim, const indexing::Slice& index) {
  if (index.step() <= 0) detail::throw_error<ValueError>("step must be greater than zero");
  return slice(x, dim, index.start(), index.stop(), index.step());
}

// Takes the indices one after the other. A mask takes one dimension of the view here, whatever its
// own, as in PyTorch: what follows it counts from the next.
class Application {
 public:
  Application(const Tensor& x, ArrayRef<TensorIndex> indices) : x_(x), applied_{x, {}} {
    for (const TensorIndex& index : indices) taken_ += dims_of(index);
    // A single integer or slice of no dimension has words of its own.
    const bool zero_dim =
        x.dim() == 0 && indices.size() == 1 && (indices[0].is_integer() || indices[0].is_slice());
    TAPER_CHECK_INDEX(taken_ <= x.dim() || zero_dim, "too many indices for tensor of dimension ",
                      x.dim());
    for (size_t i = 0; i < indices.size(); ++i) apply(indices[i], i, indices.size() == 1);
    const auto defined = [](const Tensor& tensor) { return tensor.defined(); };
    const std::vector<Tensor>& list = applied_.list;
    TAPER_CHECK(list.empty() || std::any_of(list.begin(), list.end(), defined),
                "index: expected a defined index tensor, got only undefined ones");
  }

  const Applied& result() const { return applied_; }

 private:
  void apply(const TensorIndex& index, size_t position, bool alone) {
    Tensor& view = applied_.view;
    switch (index.type()) {
      case TensorIndexType::None:
        view = unsqueeze(view, dim_++);
        break;
      case TensorIndexType::Ellipsis:
        // Any further one stands for no dimensions.
        if (!seen_ellipsis_) dim_ += x_.dim() - taken_;
        seen_ellipsis_ = true;
        break;
      case TensorIndexType::Boolean:
        add_boolean(index.boolean());
        break;
      case TensorIndexType::Integer:
        view = select_checked(view, dim_, index.integer(), position);
        break;
      case TensorIndexType::Slice: {
        const indexing::Slice& range = index.slice();
        const bool whole =
            !alone && range.start() == 0 && range.step() == 1 && range.stop() == view.size(dim_);
        if (!whole) view = slice_checked(view, dim_, range);
        ++dim_;
        break;
      }
      case TensorIndexType::Tensor: {
        const Tensor& tensor = index.tensor();
        // An undefined one is the whole dimension.
        if (!tensor.defined() || tensor.dim() > 0 || tensor.is_floating_point()) {
          add_tensor(tensor);
        } else if (is_mask(tensor)) {
          add_boolean(tensor.item().toBool());
        } else {
          view = select_checked(view, dim_, tensor.item().toLong(), position);
        }
        break;
      }
    }
  }

  void add_tensor(const Tensor& tensor) {
    applied_.list.resize(static_cast<size_t>(dim_));
    applied_.list.push_back(tensor);
    ++dim_;
  }
  // True keeps all in a new dimension of size 1, false nothing in one of size 0.
  void add_boolean(bool value) {
    applied_.view = unsqueeze(applied_.view, dim_);
    add_tensor(raw::zeros({value ? 1 : 0}, kInt64));
  }

  const Tensor& x_;
  Applied applied_;
  int64_t taken_ = 0;  // dimensions of x
  int64_t dim_ = 0;    // of the view
  bool seen_ellipsis_ = false;
};

// `value` without leading dimensions of size 1.
Tensor stripped(const Tensor& value) {
  size_t ones = 0;
  while (ones < value.sizes().size() && value.sizes()[ones] == 1) ++ones;
  return ones == 0 ? value : value.reshape(value.sizes().slice(ones));
}

void write(const Tensor& self, ArrayRef<TensorIndex> indices, const Tensor& value) {
  TAPER_CHECK(!indices.empty(),
              "Passing an empty index list to Tensor::index_put_() is not valid syntax");
  TAPER_CHECK(value.defined(),
              "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
              "#2 'values'");
  if (indices.size() == 1 && indices[0].is_boolean()) {
    if (indices[0].boolean()) write(self, {TensorIndex(indexing::None)}, value);
    return;
  }
  const Application application(self, indices);
  Tensor place = application.result().view;
  const std::vector<Tensor>& tensors = application.result().list;
  if (!tensors.empty()) {
    put_by_list(place, raw::index_list(place, tensors), stripped(value), false);
  } else if (value.dim() == 0 && place.dim() != 0) {
    place.fill_(value);
  } else if (value.sizes() == place.sizes()) {
    place.copy_(value);
  } else {
    place.copy_(stripped(value).expand(place.sizes()));
  }
}

// --- By a list with an entry for each dimension ---

std::vector<Tensor> index_list(const Tensor& x, const List<std::optional<Tensor>>& indices) {
  std::vector<Tensor> tensors;
  for (const std::optional<Tensor>& index : indices) tensors.push_back(index.value_or(Tensor()));
  return raw::index_list(x, tensors);
}

}  // namespace

Tensor Tensor::index(ArrayRef<TensorIndex> indices) const {
  TAPER_CHECK(!indices.empty(),
              "Passing an empty index list to Tensor::index() is not valid syntax");
  const Application application(*this, indices);
  const Applied& applied = application.result();
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

Tensor index(const Tensor& x, const List<std::optional<Tensor>>& indices) {
  return index_by_list(x, index_list(x, indices));
}
Tensor& index_put_(Tensor& x, const List<std::optional<Tensor>>& indices, const Tensor& values,
                   bool accumulate) {
  put_by_list(x, index_list(x, indices), values, accumulate);
  return x;
}
Tensor index_put(const Tensor& x, const List<std::optional<Tensor>>& indices, const Tensor& values,
                 bool accumulate) {
  Tensor result = clone(x);
  return index_put_(result, indices, values, accumulate);
}
Tensor Tensor::index(const List<std::optional<Tensor>>& indices) const {
  return taper::index(*this, indices);
}
Tensor Tensor::index_put(const List<std::optional<Tensor>>& indices, const Tensor& values,
                         bool accumulate) const {
  return taper::index_put(*this, indices, values, accumulate);
}
Tensor& Tensor::index_put_(const List<std::optional<Tensor>>& indices, const Tensor& values,
                           bool accumulate) const {
  return taper::index_put_(const_cast<Tensor&>(*this), indices, values, accumulate);
}

Tensor Tensor::operator[](int64_t index) const { return select(0, index); }
Tensor Tensor::operator[](const Tensor& index) const {
  TAPER_CHECK_INDEX(index.defined(), "Can only index with tensors that are defined");
  TAPER_CHECK_INDEX(index.dim() == 0, "Can only index with tensors that are scalars (zero-dim)");
  return (*this)[index.item()];
}
Tensor Tensor::operator[](const Scalar& index) const {
  TAPER_CHECK_INDEX(index.isIntegral(false), "Can only index tensors with integral scalars");
  return select(0, index.toLong());
}

}  // namespace taper
