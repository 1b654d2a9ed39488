#include "taper/tensor/factories.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {
namespace {

// What every factory does with what it made.
Tensor finish(Tensor made, const TensorOptions& options) {
  if (options.requires_grad()) {
    TAPER_CHECK(made.is_floating_point(),
                "Only Tensors of floating point and complex dtype can require gradients, got ",
                made.scalar_type());
    made.unsafeGetTensorImpl()->requires_grad = true;
  }
  return made;
}

void check_options(const char* who, const TensorOptions& options) {
  detail::check_cpu(options.device(), who);
  TAPER_CHECK(options.layout() == kStrided, who, ": expected the strided layout, got Sparse");
}

TensorOptions like_options(const Tensor& like, const TensorOptions& options) {
  return options.has_dtype() ? options : options.dtype(like.scalar_type());
}

ScalarType number_type(const Scalar& value) {
  return value.isFloatingPoint() ? get_default_dtype() : value.type();
}

}  // namespace

Tensor empty(IntArrayRef sizes, const TensorOptions& options) {
  check_options("empty", options);
  return finish(raw::empty(sizes, options.dtype()), options);
}
Tensor full(IntArrayRef sizes, const Scalar& value, const TensorOptions& options) {
  check_options("full", options);
  return finish(raw::full(sizes, value, options.dtype_opt().value_or(number_type(value))), options);
}
Tensor zeros(IntArrayRef sizes, const TensorOptions& options) {
  check_options("zeros", options);
  return finish(raw::zeros(sizes, options.dtype()), options);
}
Tensor ones(IntArrayRef sizes, const TensorOptions& options) {
  return full(sizes, 1, options.dtype(options.dtype()));
}
Tensor scalar_tensor(const Scalar& value, const TensorOptions& options) {
  return full({}, value, options.dtype(options.dtype()));
}

Tensor empty_like(const Tensor& like, const TensorOptions& options) {
  check_options("empty_like", options);
  return finish(raw::empty_like(like, options.dtype_opt().value_or(like.scalar_type())), options);
}
Tensor zeros_like(const Tensor& like, const TensorOptions& options) {
  Tensor made = empty_like(like, options);
  if (made.numel() != 0) std::memset(made.data_ptr(), 0, made.nbytes());
  return made;
}
Tensor ones_like(const Tensor& like, const TensorOptions& options) {
  return full_like(like, 1, options);
}
Tensor full_like(const Tensor& like, const Scalar& value, const TensorOptions& options) {
  Tensor made = empty_like(like, options);
  raw::fill(made, value);
  return made;
}

Tensor Tensor::new_empty(IntArrayRef sizes, const TensorOptions& options) const {
  return empty(sizes, like_options(*this, options));
}
Tensor Tensor::new_zeros(IntArrayRef sizes, const TensorOptions& options) const {
  return zeros(sizes, like_options(*this, options));
}
Tensor Tensor::new_ones(IntArrayRef sizes, const TensorOptions& options) const {
  return ones(sizes, like_options(*this, options));
}
Tensor Tensor::new_full(IntArrayRef sizes, const Scalar& value,
                        const TensorOptions& options) const {
  return full(sizes, value, like_options(*this, options));
}

Tensor arange(const Scalar& end, const TensorOptions& options) {
  return arange(0, end, 1, options);
}
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options) {
  return arange(start, end, 1, options);
}
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step,
              const TensorOptions& options) {
  // An int64 range is one of integers from the beginning.
  bool fractional = start.isFloatingPoint() || end.isFloatingPoint() || step.isFloatingPoint();
  if (fractional && options.dtype_opt() == kInt64) {
    return arange(start.toLong(), end.toLong(), step.toLong(), options);
  }
  check_options("arange", options);
  bool integral = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  ScalarType dtype = options.dtype_opt().value_or(integral ? kInt64 : get_default_dtype());
  TAPER_CHECK(dtype != kBool, "\"arange_cpu\" not implemented for 'Bool'");
  double from = start.toDouble();
  double by = step.toDouble();
  TAPER_CHECK(is_floating_point(dtype) ? by != 0 : step.toLong() != 0, "step must be nonzero");
  TAPER_CHECK(std::isfinite(from) && std::isfinite(end.toDouble()), "unsupported range: ", from,
              " -> ", end.toDouble());
  TAPER_CHECK((by > 0) == (end.toDouble() >= from) || end.toDouble() == from,
              "upper bound and larger bound inconsistent with step sign");
  double count = 0;
  if (integral) {
    // In unsigned arithmetic, which holds any distance of two int64, exactly.
    bool up = step.toLong() > 0;
    auto low = static_cast<uint64_t>(up ? start.toLong() : end.toLong());
    auto high = static_cast<uint64_t>(up ? end.toLong() : start.toLong());
    uint64_t stride = up ? static_cast<uint64_t>(step.toLong())
                         : uint64_t{0} - static_cast<uint64_t>(step.toLong());
    uint64_t span = high - low;
    count = static_cast<double>(span / stride + (span % stride != 0 ? 1 : 0));
  } else {
    count = std::ceil((end.toDouble() - from) / by);
  }
  TAPER_CHECK(count >= 0 && count <= 9.2e18, "invalid size, possible overflow? arange of ", count,
              " elements");
  Tensor r = raw::empty({static_cast<int64_t>(count)}, dtype);
  kernels::dispatch_numbers(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* data = static_cast<T*>(r.data_ptr());
    if constexpr (std::is_floating_point_v<T>) {
      for (int64_t i = 0; i < r.numel(); ++i) {
        data[i] = static_cast<T>(from + static_cast<double>(i) * by);
      }
    } else {
      // Unsigned, because i * step may be twice as far from 0 as an int64 reaches.
      auto first = static_cast<uint64_t>(start.toLong());
      auto stride = static_cast<uint64_t>(step.toLong());
      for (int64_t i = 0; i < r.numel(); ++i) {
        data[i] = static_cast<T>(first + static_cast<uint64_t>(i) * stride);
      }
    }
  });
  return finish(r, options);
}

Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps,
                const TensorOptions& options) {
  check_options("linspace", options);
  TAPER_CHECK(steps >= 0, "number of steps must be non-negative");
  ScalarType dtype = options.dtype();
  TAPER_CHECK(dtype != kBool, "\"linspace_cpu\" not implemented for 'Bool'");
  Tensor r = raw::empty({steps}, dtype);
  kernels::dispatch_numbers(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    // Integers step in float, as PyTorch's do.
    using Step = std::conditional_t<std::is_floating_point_v<T>, T, float>;
    T* data = static_cast<T*>(r.data_ptr());
    T from = start.to<T>();
    T to = end.to<T>();
    Step step =
        steps > 1 ? (static_cast<Step>(to) - static_cast<Step>(from)) / static_cast<Step>(steps - 1)
                  : Step{0};
    // Each half counts from its own end, so that both ends are met exactly.
    for (int64_t i = 0; i < steps; ++i) {
      Step offset = step * static_cast<Step>(i < steps / 2 ? i : steps - i - 1);
      data[i] = static_cast<T>(i < steps / 2 || steps == 1 ? static_cast<Step>(from) + offset
                                                           : static_cast<Step>(to) - offset);
    }
  });
  return finish(r, options);
}

Tensor eye(int64_t n, const TensorOptions& options) { return eye(n, n, options); }
Tensor eye(int64_t n, int64_t m, const TensorOptions& options) {
  check_options("eye", options);
  TAPER_CHECK(n >= 0, "n must be greater or equal to 0, got ", n);
  TAPER_CHECK(m >= 0, "m must be greater or equal to 0, got ", m);
  Tensor r = raw::zeros({n, m}, options.dtype());
  raw::fill(raw::diagonal(r, 0, 0, 1), 1);
  return finish(r, options);
}

// --- From values ---

namespace detail {

TensorData::TensorData(std::initializer_list<TensorData> rows) : dtype_(get_default_dtype()) {
  sizes_.push_back(static_cast<int64_t>(rows.size()));
  if (rows.size() == 0) return;
  const TensorData& first = *rows.begin();
  dtype_ = first.dtype_;
  for (int64_t size : first.sizes_) sizes_.push_back(size);
  for (const TensorData& row : rows) {
    TAPER_CHECK(row.sizes_ == first.sizes_, "Expected all sub-lists to have sizes: ", first.sizes_,
                " (e.g. the first), but got sub-list with sizes: ", row.sizes_);
    TAPER_CHECK(row.dtype_ == first.dtype_,
                "Expected all elements of the tensor to have the same scalar type: ", first.dtype_,
                ", but got element of scalar type: ", row.dtype_);
    values_.insert(values_.end(), row.values_.begin(), row.values_.end());
  }
}

}  // namespace detail

Tensor tensor(const detail::TensorData& data, const TensorOptions& options) {
  check_options("tensor", options);
  ScalarType natural = is_floating_point(data.dtype()) ? get_default_dtype() : data.dtype();
  Tensor r = raw::empty(data.sizes(), options.dtype_opt().value_or(natural));
  kernels::dispatch_all(r.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* out = static_cast<T*>(r.data_ptr());
    for (const Scalar& value : data.values()) *out++ = value.to<T>();
  });
  return finish(r, options);
}

namespace {

Tensor borrow(void* data, IntArrayRef sizes, IntArrayRef strides, void (*deleter)(void*),
              const TensorOptions& options) {
  check_options("from_blob", options);
  TAPER_CHECK(sizes.size() == strides.size(),
              "from_blob: expected as many strides as sizes, got sizes ", sizes, " and strides ",
              strides);
  int64_t extent = checked_numel(sizes) == 0 ? 0 : 8;  // in bytes of the largest element
  bool overflow = false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    TAPER_CHECK(strides[i] >= 0, "from_blob: expected strides that are not negative, got ",
                strides);
    int64_t step = 0;
    overflow |= __builtin_mul_overflow(std::max<int64_t>(sizes[i] - 1, 0) * 8, strides[i], &step);
    if (extent != 0) overflow |= __builtin_add_overflow(extent, step, &extent);
  }
  TAPER_CHECK(!overflow, "Storage size calculation overflowed with sizes=", sizes,
              " and strides=", strides);
  extent /= 8;
  ScalarType dtype = options.dtype();
  Storage storage =
      Storage::borrow(data, static_cast<size_t>(extent) * element_size(dtype), deleter, data);
  Tensor r(detail::IntrusivePtr<detail::TensorImpl>(
      new detail::TensorImpl(std::move(storage), dtype, DimVector(sizes), DimVector(strides), 0)));
  return finish(r, options);
}

}  // namespace

Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options) {
  checked_numel(sizes);
  return borrow(data, sizes, contiguous_strides(sizes), nullptr, options);
}
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options) {
  return borrow(data, sizes, strides, nullptr, options);
}
Tensor from_blob(void* data, IntArrayRef sizes, void (*deleter)(void*),
                 const TensorOptions& options) {
  checked_numel(sizes);
  return borrow(data, sizes, contiguous_strides(sizes), deleter, options);
}

}  // namespace taper
