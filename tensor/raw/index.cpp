#include "taper/tensor/raw/index.h"

#include <algorithm>
#include <string>

#include "taper/tensor/kernels/index.h"
#include "taper/tensor/memory_order.h"
#include "taper/tensor/raw/choose.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {

IntArrayRef at_least_1d(IntArrayRef list) {
  static constexpr int64_t kOne[] = {1};
  return list.empty() ? IntArrayRef(kOne) : list;
}

std::optional<int64_t> first_out_of_bounds(const Tensor& index, int64_t low, int64_t high) {
  const Tensor dense = contiguous(index);
  const int64_t* found = kernels::find_out_of_bounds(static_cast<const int64_t*>(dense.data_ptr()),
                                                     dense.numel(), low, high);
  return found == nullptr ? std::nullopt : std::optional<int64_t>(*found);
}

Tensor apart(const Tensor& x, const Tensor& written) {
  return x.is_alias_of(written) ? clone(x) : x;
}

namespace {

// How a tensor is indexed by a list: the loop's dimensions, and the strides of all in it.
struct IndexPlan {
  DimVector sizes;
  DimVector strides;  // of the indexed tensor
  std::vector<Tensor> expanded;
  std::vector<DimVector> index_strides;
  std::vector<kernels::IndexOperand> operands;

  kernels::LoopShape shape() const { return {static_cast<int>(sizes.size()), sizes.data()}; }
  kernels::Indices indices() const { return {static_cast<int>(operands.size()), operands.data()}; }
};

DimVector broadcast_indices(const std::vector<Tensor>& indices) {
  DimVector shape;
  try {
    for (const Tensor& index : indices) {
      if (index.defined()) shape = broadcast_shapes(shape, index.sizes());
    }
  } catch (const Error&) {
    std::string shapes;
    for (const Tensor& index : indices) {
      if (!index.defined()) continue;
      detail::MessageBuilder one;
      one.add(index.sizes());
      shapes += (shapes.empty() ? "" : ", ") + one.take();
    }
    detail::throw_error<IndexError>(
        "shape mismatch: indexing tensors could not be broadcast together with shapes ", shapes);
  }
  return shape;
}

// Where in the result the dimensions of the indices stand.
size_t place_of_indices(const std::vector<Tensor>& indices) {
  const auto defined = [](const Tensor& index) { return index.defined(); };
  const auto first = std::find_if(indices.begin(), indices.end(), defined);
  const auto gap = std::find_if_not(first, indices.end(), defined);
  const bool neighbours = std::find_if(gap, indices.end(), defined) == indices.end();
  return neighbours ? static_cast<size_t>(first - indices.begin()) : 0;
}

// Sizes or strides of the loop: those of x's whole dimensions, and `middle` for the indices'.
DimVector arrange(IntArrayRef of_x, const std::vector<Tensor>& indices, IntArrayRef middle) {
  const size_t place = place_of_indices(indices);
  DimVector arranged;
  for (size_t d = 0; d < place; ++d) arranged.push_back(of_x[d]);
  for (int64_t value : middle) arranged.push_back(value);
  for (size_t d = place; d < of_x.size(); ++d) {
    if (d >= indices.size() || !indices[d].defined()) arranged.push_back(of_x[d]);
  }
  return arranged;
}

IndexPlan plan_of(const Tensor& x, const std::vector<Tensor>& indices) {
  IndexPlan plan;
  const DimVector shape = broadcast_indices(indices);
  plan.sizes = arrange(x.sizes(), indices, shape);
  plan.strides = arrange(x.strides(), indices, DimVector(shape.size(), 0));
  const DimVector none(x.sizes().size(), 0);
  for (size_t d = 0; d < indices.size(); ++d) {
    if (!indices[d].defined()) continue;
    const Tensor index = expand(indices[d], shape);
    plan.index_strides.push_back(arrange(none, indices, index.strides()));
    plan.operands.push_back(
        {static_cast<const int64_t*>(index.data_ptr()), nullptr, x.sizes()[d], x.strides()[d]});
    plan.expanded.push_back(index);
  }
  for (size_t k = 0; k < plan.operands.size(); ++k)
    plan.operands[k].strides = plan.index_strides[k].data();
  return plan;
}

// A mask over the next dimensions, as an index for each.
void add_mask(const Tensor& x, const Tensor& mask, std::vector<Tensor>& list) {
  for (int64_t d = 0; d < mask.dim(); ++d) {
    const auto at = static_cast<int64_t>(list.size()) + d;
    TAPER_CHECK_INDEX(mask.size(d) == x.size(at), "The shape of the mask ", mask.sizes(),
                      " at index ", d, " does not match the shape of the indexed tensor ",
                      x.sizes(), " at index ", at);
  }
  const Tensor places = nonzero(mask);
  for (int64_t d = 0; d < mask.dim(); ++d) list.push_back(select(places, 1, d));
}

}  // namespace

std::vector<Tensor> index_list(const Tensor& x, const std::vector<Tensor>& indices) {
  int64_t used = 0;
  const auto is_mask = [](const Tensor& t) {
    return t.scalar_type() == kBool || t.scalar_type() == kUInt8;
  };
  for (const Tensor& index : indices) used += index.defined() && is_mask(index) ? index.dim() : 1;
  TAPER_CHECK_INDEX(used <= x.dim(), "too many indices for tensor of dimension ", x.dim(), " (got ",
                    used, ")");
  std::vector<Tensor> list;
  list.reserve(static_cast<size_t>(used));
  for (const Tensor& index : indices) {
    if (!index.defined()) {
      list.push_back(index);
    } else if (is_mask(index)) {
      add_mask(x, index, list);
    } else {
      TAPER_CHECK_INDEX(index.scalar_type() == kInt64,
                        "tensors used as indices must be long, byte or bool tensors, got ",
                        index.scalar_type());
      list.push_back(index);
    }
  }
  for (size_t d = 0; d < list.size(); ++d) {
    TAPER_CHECK_INDEX(!list[d].defined() || list[d].numel() == 0 || x.sizes()[d] != 0,
                      "index is out of bounds for dimension with size 0");
  }
  // Where nothing is read, no index is wrong, as in PyTorch.
  if (checked_numel(index_shape(x, list)) == 0) return list;
  for (size_t d = 0; d < list.size(); ++d) {
    if (!list[d].defined()) continue;
    const int64_t size = x.sizes()[d];
    if (std::optional<int64_t> bad = first_out_of_bounds(list[d], -size, size)) {
      detail::throw_error<IndexError>("index ", *bad, " is out of bounds for dimension ", d,
                                      " with size ", size);
    }
  }
  return list;
}

DimVector index_shape(const Tensor& x, const std::vector<Tensor>& indices) {
  return arrange(x.sizes(), indices, broadcast_indices(indices));
}

Tensor index(const Tensor& x, const std::vector<Tensor>& indices) {
  const IndexPlan plan = plan_of(x, indices);
  // The result lies in memory as the operands of the loop do.
  std::vector<IntArrayRef> operands{plan.strides};
  for (const DimVector& strides : plan.index_strides) operands.push_back(strides);
  const DimVector order = memory_order(plan.sizes, operands);
  const Tensor out = empty_strided(plan.sizes, dense_strides(plan.sizes, order), x.scalar_type());
  kernels::index_read(x.scalar_type(), plan.shape(), {out.data_ptr(), out.strides().data()},
                      {x.data_ptr(), plan.strides.data()}, plan.indices());
  return out;
}

void index_put(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values,
               bool accumulate) {
  TAPER_CHECK(self.scalar_type() == values.scalar_type(),
              "Index put requires the source and destination dtypes match, got ",
              self.scalar_type(), " for the destination and ", values.scalar_type(),
              " for the source.");
  std::vector<Tensor> list = indices;
  for (Tensor& index : list) {
    if (index.defined()) index = apart(index, self);
  }
  const IndexPlan plan = plan_of(self, list);
  TAPER_CHECK(is_expandable_to(values.sizes(), plan.sizes),
              "shape mismatch: value tensor of shape ", values.sizes(),
              " cannot be broadcast to indexing result of shape ", IntArrayRef(plan.sizes));
  const Tensor source = expand(apart(values, self), plan.sizes);
  const auto write = accumulate ? kernels::index_add : kernels::index_write;
  write(self.scalar_type(), plan.shape(), {self.data_ptr(), plan.strides.data()},
        {source.data_ptr(), source.strides().data()}, plan.indices());
}

}  // namespace taper::raw
