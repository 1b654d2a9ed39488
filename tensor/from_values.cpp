#include <cstring>
#include <sstream>

#include "taper/tensor/factories.h"
#include "taper/tensor/factory_options.h"
#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {
namespace detail {
namespace {

// {{1, 2}, {3, 4}} of elements from `next` on.
template <class Next>
void write_nested(std::ostream& out, IntArrayRef sizes, Next& next) {
  if (sizes.empty()) {
    out << next();
    return;
  }
  out << '{';
  for (int64_t i = 0; i < sizes[0]; ++i) {
    if (i != 0) out << ", ";
    write_nested(out, sizes.slice(1), next);
  }
  out << '}';
}

}  // namespace

TensorData::TensorData() : sizes_{0}, dtype_(get_default_dtype()) {}

TensorData::TensorData(std::initializer_list<TensorData> rows) : dtype_(get_default_dtype()) {
  sizes_.push_back(static_cast<int64_t>(rows.size()));
  if (rows.size() == 0) return;
  const TensorData& first = *rows.begin();
  dtype_ = first.dtype_;
  for (int64_t size : first.sizes_) sizes_.push_back(size);
  for (const TensorData& row : rows) {
    TAPER_CHECK(row.sizes_ == first.sizes_,
                "Expected all sub-lists to have sizes: ", joined(first.sizes_), " (e.g. ",
                first.text(), "), but got sub-list ", row.text(),
                " with sizes: ", joined(row.sizes_));
    TAPER_CHECK(row.dtype_ == first.dtype_,
                "Expected all elements of the tensor to have the same scalar type: ", first.dtype_,
                ", but got element of scalar type: ", row.dtype_);
    if (row.run_.defined()) {
      for (int64_t i = 0; i < row.run_.numel(); ++i) {
        values_.push_back(raw::item(raw::select(row.run_, 0, i)));
      }
    }
    values_.insert(values_.end(), row.values_.begin(), row.values_.end());
  }
}

TensorData::TensorData(ScalarType dtype, const void* values, size_t value_size, int64_t count)
    : sizes_{count}, dtype_(dtype) {
  if (dtype == ScalarType::Undefined) {  // 8 or 16 bits with a sign
    run_ = raw::empty({count}, kInt32);
    for (int64_t i = 0; i < count; ++i) {
      run_.data_ptr<int32_t>()[i] = value_size == 1 ? static_cast<const signed char*>(values)[i]
                                                    : static_cast<const int16_t*>(values)[i];
    }
    return;
  }
  TAPER_CHECK(value_size == element_size(dtype), "tensor(): a run of numbers of ", value_size,
              " bytes each is of no dtype");
  run_ = raw::empty({count}, dtype);
  if (count != 0) std::memcpy(run_.data_ptr(), values, static_cast<size_t>(count) * value_size);
}

TensorData::TensorData(const std::vector<bool>& values)
    : sizes_{static_cast<int64_t>(values.size())}, dtype_(kBool) {
  for (bool value : values) values_.push_back(value);
}

std::string TensorData::text() const {
  std::ostringstream out;
  int64_t at = 0;
  auto next = [&] {
    const int64_t i = at++;
    return run_.defined() ? raw::item(raw::select(run_, 0, i)) : values_[static_cast<size_t>(i)];
  };
  write_nested(out, sizes_, next);
  return out.str();
}

Tensor TensorData::make(ScalarType dtype) const {
  if (run_.defined()) return raw::to(run_, dtype);
  Tensor made = raw::empty(sizes_, dtype);
  kernels::dispatch_all(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* out = static_cast<T*>(made.data_ptr());
    for (const Scalar& value : values_) *out++ = value.to<T>();
  });
  return made;
}

}  // namespace detail

Tensor tensor(const detail::TensorData& data, const TensorOptions& options) {
  detail::check_copy_to_cpu(options.device());
  detail::check_options(options);
  if (options.has_dtype()) return detail::finish(data.make(options.dtype()), options);
  TAPER_CHECK(data.dtype() != ScalarType::Undefined,
              "tensor(): taper has no tensors of signed 8- and 16-bit integers (Char, Short); name "
              "another dtype in the options");
  const ScalarType dtype = is_floating_point(data.dtype()) ? get_default_dtype_as_scalartype()
                           : data.dtype() == kInt32        ? kInt64
                                                           : data.dtype();
  return detail::finish(data.make(dtype), options);
}

namespace {

Tensor borrow(void* data, IntArrayRef sizes, IntArrayRef strides, const BlobDeleter& deleter,
              const TensorOptions& options) {
  detail::check_options(options);
  const ScalarType dtype = options.dtype();
  const size_t bytes = storage_bytes(sizes, strides, dtype);
  struct Owner {
    BlobDeleter deleter;
    void* data;
  };
  Storage storage = deleter ? Storage::borrow(
                                  data, bytes,
                                  [](void* context) {
                                    auto* owner = static_cast<Owner*>(context);
                                    owner->deleter(owner->data);
                                    delete owner;
                                  },
                                  new Owner{deleter, data})
                            : Storage::borrow(data, bytes, nullptr, nullptr);
  Tensor r(detail::IntrusivePtr<detail::TensorImpl>(
      new detail::TensorImpl(std::move(storage), dtype, DimVector(sizes), DimVector(strides), 0)));
  return detail::finish(r, options);
}

}  // namespace

Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options) {
  return from_blob(data, sizes, BlobDeleter(), options);
}
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options) {
  return borrow(data, sizes, strides, BlobDeleter(), options);
}
Tensor from_blob(void* data, IntArrayRef sizes, const BlobDeleter& deleter,
                 const TensorOptions& options) {
  return borrow(data, sizes, contiguous_strides(sizes), deleter, options);
}
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const BlobDeleter& deleter,
                 const TensorOptions& options) {
  return borrow(data, sizes, strides, deleter, options);
}

}  // namespace taper
