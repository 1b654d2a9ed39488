// Tensors put together: each input's gradient is the part of the result's where it stands.

#include "taper/tensor/raw/join.h"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/printing.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::InputRef;
using autograd::record;
using autograd::Save;

Tensor cat(TensorList tensors, int64_t dim) {
  const std::vector<InputRef> inputs(tensors.begin(), tensors.end());
  Tensor result = raw::cat(tensors, dim);
  return record("CatBackward0", result, inputs, [&](Save&) {
    dim = wrap_dim(dim, result.dim());
    std::vector<int64_t> lengths;  // -1 where cat leaves the input out
    lengths.reserve(tensors.size());
    for (const Tensor& x : tensors) {
      lengths.push_back(raw::skipped_by_cat(x) ? -1 : x.size(dim));
    }
    return [lengths = std::move(lengths), dim](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      int64_t begin = 0;
      for (size_t i = 0; i < lengths.size(); ++i) {
        const bool used = lengths[i] >= 0;
        if (ctx.needs(i)) {
          ctx.grad(i, used ? narrow(g, dim, begin, lengths[i]) : raw::empty({0}, g.scalar_type()));
        }
        if (used) begin += lengths[i];
      }
    };
  });
}

Tensor stack(TensorList tensors, int64_t dim) {
  const std::vector<InputRef> inputs(tensors.begin(), tensors.end());
  Tensor result = raw::stack(tensors, dim);
  return record("StackBackward0", result, inputs, [&](Save&) {
    return [dim = wrap_dim(dim, result.dim()), count = tensors.size()](Backward& ctx) {
      for (size_t i = 0; i < count; ++i) {
        if (ctx.needs(i)) ctx.grad(i, select(ctx.out_grad(), dim, static_cast<int64_t>(i)));
      }
    };
  });
}

Tensor concat(TensorList tensors, int64_t dim) { return cat(tensors, dim); }
Tensor concatenate(TensorList tensors, int64_t dim) { return cat(tensors, dim); }

// --- With the number of dimensions settled first ---

Tensor atleast_1d(const Tensor& x) { return x.dim() == 0 ? x.reshape({1}) : x; }
Tensor atleast_2d(const Tensor& x) {
  if (x.dim() == 0) return x.reshape({1, 1});
  return x.dim() == 1 ? unsqueeze(x, 0) : x;
}
Tensor atleast_3d(const Tensor& x) {
  if (x.dim() == 0) return x.reshape({1, 1, 1});
  if (x.dim() == 1) return unsqueeze(unsqueeze(x, 0), -1);
  return x.dim() == 2 ? unsqueeze(x, -1) : x;
}

namespace {

std::vector<Tensor> each(TensorList tensors, Tensor (*f)(const Tensor&)) {
  std::vector<Tensor> results;
  results.reserve(tensors.size());
  for (const Tensor& x : tensors) results.push_back(f(x));
  return results;
}

void check_not_empty(const char* op, TensorList tensors) {
  TAPER_CHECK(!tensors.empty(), op, " expects a non-empty TensorList");
}

Tensor as_columns(const Tensor& x) { return x.dim() <= 1 ? x.reshape({x.numel(), 1}) : x; }

}  // namespace

std::vector<Tensor> atleast_1d(TensorList tensors) { return each(tensors, atleast_1d); }
std::vector<Tensor> atleast_2d(TensorList tensors) { return each(tensors, atleast_2d); }
std::vector<Tensor> atleast_3d(TensorList tensors) { return each(tensors, atleast_3d); }

Tensor hstack(TensorList tensors) {
  check_not_empty("hstack", tensors);
  const std::vector<Tensor> rows = each(tensors, atleast_1d);
  return cat(rows, rows[0].dim() == 1 ? 0 : 1);
}
Tensor vstack(TensorList tensors) {
  check_not_empty("vstack", tensors);
  return cat(each(tensors, atleast_2d), 0);
}
Tensor row_stack(TensorList tensors) { return vstack(tensors); }
Tensor dstack(TensorList tensors) {
  check_not_empty("dstack", tensors);
  return cat(each(tensors, atleast_3d), 2);
}
Tensor column_stack(TensorList tensors) {
  check_not_empty("column_stack", tensors);
  return hstack(each(tensors, as_columns));
}

// --- Broadcast together ---

std::vector<Tensor> broadcast_tensors(TensorList tensors) {
  DimVector shape;
  for (size_t i = 0; i < tensors.size(); ++i) {
    shape = i == 0 ? DimVector(tensors[i].sizes()) : broadcast_shapes(shape, tensors[i].sizes());
  }
  std::vector<Tensor> results;
  for (const Tensor& x : tensors) {
    results.push_back(x.sizes() == IntArrayRef(shape) ? x : x.expand(shape));
  }
  return results;
}

namespace {

std::string printed(const Tensor& x) {
  std::ostringstream text;
  text << x;
  return text.str();
}

}  // namespace

std::vector<Tensor> meshgrid(TensorList tensors, const std::string& indexing) {
  check_not_empty("meshgrid", tensors);
  for (const Tensor& x : tensors) {
    TAPER_CHECK(x.scalar_type() == tensors[0].scalar_type(),
                "meshgrid expects all tensors to have the same dtype");
  }
  TAPER_CHECK(indexing == "ij" || indexing == "xy",
              "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: ", indexing);
  DimVector shape;
  for (const Tensor& x : tensors) {
    if (x.dim() > 1) {
      detail::throw_error<Error>(
          "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: ", printed(x));
    }
    shape.push_back(x.numel());
  }
  const bool swaps = indexing == "xy" && tensors.size() > 1;
  if (swaps) std::swap(shape[0], shape[1]);
  std::vector<Tensor> grids;
  for (size_t i = 0; i < tensors.size(); ++i) {
    DimVector sizes(tensors.size(), 1);
    sizes[swaps && i < 2 ? 1 - i : i] = tensors[i].numel();
    grids.push_back(tensors[i].view(sizes).expand(shape));
  }
  return grids;
}

std::vector<Tensor> meshgrid(TensorList tensors) {
  static std::once_flag warned;
  std::call_once(warned, [] {
    std::fputs(
        "Warning: torch.meshgrid: in an upcoming release, it will be required to pass the "
        "indexing argument.\n",
        stderr);
  });
  return meshgrid(tensors, "ij");
}

Tensor cartesian_prod(TensorList tensors) {
  for (const Tensor& x : tensors) {
    TAPER_CHECK(x.dim() == 1, "Expect a 1D vector, but got shape ", x.sizes());
  }
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor> columns = meshgrid(tensors, "ij");
  for (Tensor& column : columns) column = column.flatten();
  return stack(columns, 1);
}

Tensor combinations(const Tensor& x, int64_t r, bool with_replacement) {
  TAPER_CHECK(x.dim() == 1, "Expect a 1D vector, but got shape ", x.sizes());
  TAPER_CHECK(r >= 0, "Expect a non-negative number, but got ", r);
  if (r == 0) return raw::empty({0}, x.scalar_type());
  // Places that grow (or stay, with replacement) from column to column, in the order of a counter.
  const int64_t least = with_replacement ? 0 : 1;
  const auto columns = static_cast<size_t>(r);
  std::vector<std::vector<int64_t>> places(columns);
  DimVector place(columns);
  const auto restart_after = [&](size_t k) {
    while (++k < columns) place[k] = place[k - 1] + least;
  };
  const auto at_limit = [&](size_t k) {
    return place[k] == x.numel() - 1 - static_cast<int64_t>(columns - 1 - k) * least;
  };
  restart_after(0);
  while (place.back() < x.numel()) {
    for (size_t k = 0; k < columns; ++k) places[k].push_back(place[k]);
    size_t k = columns - 1;
    while (k > 0 && at_limit(k)) --k;
    ++place[k];
    restart_after(k);
  }
  std::vector<Tensor> chosen;
  for (const std::vector<int64_t>& column : places) {
    const Tensor index = raw::empty({static_cast<int64_t>(column.size())}, kInt64);
    std::copy(column.begin(), column.end(), index.data_ptr<int64_t>());
    chosen.push_back(index_select(x, 0, index));
  }
  return stack(chosen, 1);
}

}  // namespace taper
