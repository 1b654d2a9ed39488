#pragma once

#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "taper/tensor/accessor.h"
#include "taper/tensor/array_ref.h"
#include "taper/tensor/error.h"
#include "taper/tensor/generator.h"
#include "taper/tensor/list.h"
#include "taper/tensor/scalar.h"
#include "taper/tensor/tensor_impl.h"
#include "taper/tensor/tensor_options.h"
#include "taper/tensor/type_meta.h"
#include "taper/tensor/type_properties.h"

namespace taper {

class Tensor;
using TensorList = ArrayRef<Tensor>;
using TensorVector = std::vector<Tensor>;

namespace indexing {
class TensorIndex;
}
namespace autograd {
class Node;
void intrusive_retain(const Node* p);
void intrusive_release(const Node* p);
}  // namespace autograd

namespace detail {
Tensor stable_argsort(const Tensor& x, int64_t dim, bool descending);
}

// A handle to a multi-dimensional array of one dtype: copying it shares the array. Methods mirror
// at::Tensor; what one computes, its shapes and its errors stand at the function of the same name
// in taper/autograd/ops.h. Methods that compute are recorded on the tape; they are defined in
// autograd/.
class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(detail::IntrusivePtr<detail::TensorImpl> impl) : impl_(std::move(impl)) {}
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(const Tensor&) & = default;
  Tensor& operator=(Tensor&&) & noexcept = default;
  // x[i] = y and x.select(0, i) = y write into the tensor, as in libtorch: a temporary is never
  // worth rebinding.
  Tensor& operator=(const Tensor& value) &&;
  Tensor& operator=(Tensor&& value) &&;
  Tensor& operator=(const Scalar& value) &&;
  ~Tensor() = default;

  // --- What it is. All but defined() throw on an undefined tensor. ---
  bool defined() const { return static_cast<bool>(impl_); }
  void reset() { impl_.reset(); }
  int64_t dim() const { return checked().dim(); }
  int64_t ndimension() const { return dim(); }
  IntArrayRef sizes() const { return checked().sizes; }
  IntArrayRef strides() const { return checked().strides; }
  int64_t size(int64_t dim) const;
  int64_t stride(int64_t dim) const;
  int64_t numel() const { return checked().numel; }
  int64_t storage_offset() const { return checked().offset; }
  const Storage& storage() const { return checked().storage; }
  bool has_storage() const { return defined(); }
  ScalarType scalar_type() const { return checked().dtype; }
  TypeMeta dtype() const { return checked().dtype; }
  Device device() const {
    checked();
    return Device(kCPU);
  }
  Layout layout() const { return kStrided; }
  TensorOptions options() const {
    return TensorOptions(scalar_type()).device(kCPU).layout(kStrided);
  }
  int64_t element_size() const { return static_cast<int64_t>(taper::element_size(scalar_type())); }
  int64_t itemsize() const { return element_size(); }
  size_t nbytes() const { return static_cast<size_t>(numel() * element_size()); }
  bool is_contiguous(MemoryFormat format = MemoryFormat::Contiguous) const {
    return format == MemoryFormat::Contiguous ? checked().contiguous : is_in_format(format);
  }
  // ChannelsLast or ChannelsLast3d for a tensor that is so and not contiguous.
  MemoryFormat suggest_memory_format() const;
  bool is_floating_point() const { return taper::is_floating_point(scalar_type()); }
  bool is_signed() const { return scalar_type() != kUInt8 && scalar_type() != kBool; }
  bool is_complex() const { return false; }
  bool is_cpu() const { return true; }
  bool is_cuda() const { return false; }
  bool is_sparse() const { return false; }
  bool is_mps() const { return false; }
  bool is_meta() const { return false; }
  bool is_quantized() const { return false; }
  bool is_conj() const { return false; }
  bool is_neg() const { return false; }
  int64_t get_device() const { return -1; }
  bool is_same(const Tensor& other) const { return impl_ == other.impl_; }
  bool is_alias_of(const Tensor& other) const { return storage().is_alias_of(other.storage()); }
  // Whether both show the same elements of the same storage in the same way.
  bool is_set_to(const Tensor& other) const {
    return is_alias_of(other) && storage_offset() == other.storage_offset() &&
           sizes() == other.sizes() && strides() == other.strides();
  }
  bool is_same_size(const Tensor& other) const { return sizes() == other.sizes(); }
  uint32_t use_count() const { return impl_ ? impl_->use_count() : 0; }
  std::string toString() const;  // "CPUFloatType"
  DeprecatedTypeProperties type() const { return DeprecatedTypeProperties(scalar_type()); }

  // --- Its elements ---
  // Throws taper::Error unless T is the dtype ("expected scalar type Float but found Double").
  template <class T>
  T* data_ptr() const {
    return static_cast<T*>(checked_data(CppTypeToScalarType<T>::value));
  }
  void* data_ptr() const { return checked().data(); }
  template <class T>
  T* mutable_data_ptr() const {
    return data_ptr<T>();
  }
  template <class T>
  const T* const_data_ptr() const {
    return data_ptr<T>();
  }
  Scalar item() const;
  template <class T>
  T item() const {
    return item().to<T>();
  }
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() const& {
    static_assert(N > 0, "a 0-dim tensor is read by item() or data_ptr()");
    T* data = data_ptr<T>();
    TAPER_CHECK(dim() == static_cast<int64_t>(N), "TensorAccessor expected ", N,
                " dims but tensor has ", dim());
    return TensorAccessor<T, N>(data, sizes().data(), strides().data());
  }
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() && = delete;  // would outlive its tensor
  void print() const;

  // --- Autograd (taper/autograd) ---
  // False for an undefined tensor.
  bool requires_grad() const {
    if (!impl_) return false;
    const detail::TensorImpl& t = *impl_;
    return t.requires_grad || (t.view_kind == detail::ViewKind::kDefault && t.base->requires_grad);
  }
  const Tensor& set_requires_grad(bool value) const;
  const Tensor& requires_grad_(bool value = true) const { return set_requires_grad(value); }
  bool is_leaf() const;
  const Tensor& grad() const;
  Tensor& mutable_grad() const;
  detail::IntrusivePtr<autograd::Node> grad_fn() const;
  uint32_t output_nr() const;
  // d(this)/d(leaves), times `gradient` (ones for a one-element tensor), is added to the leaves'
  // grad().
  void backward(const Tensor& gradient = {}, std::optional<bool> retain_graph = std::nullopt,
                bool create_graph = false, std::optional<TensorList> inputs = std::nullopt) const;
  void retain_grad() const;
  bool retains_grad() const;
  // `hook(grad)` sees the gradient of this tensor and may return another in its place (an undefined
  // one or void: keep it). Returns the position to hand to remove_hook.
  template <class Hook>
  unsigned register_hook(Hook&& hook) const;
  void remove_hook(unsigned position) const;
  Tensor detach() const;
  Tensor& detach_() const;
  Tensor data() const;
  Tensor variable_data() const { return data(); }
  Tensor tensor_data() const { return detach(); }
  // Gives this tensor the elements, sizes and dtype of `data`, sharing its memory; every handle on
  // this tensor sees them.
  void set_data(const Tensor& data) const;
  int64_t _version() const { return static_cast<int64_t>(checked().version().current()); }
  bool is_view() const { return checked().base != nullptr; }
  Tensor _base() const;

  // --- Views and shapes ---
  Tensor view(IntArrayRef sizes) const;
  Tensor reshape(IntArrayRef sizes) const;
  Tensor transpose(int64_t dim0, int64_t dim1) const;
  Tensor t() const;
  Tensor mT() const;
  Tensor mH() const;
  Tensor adjoint() const;
  Tensor matrix_H() const;
  Tensor numpy_T() const;
  Tensor permute(IntArrayRef dims) const;
  Tensor squeeze() const;
  Tensor squeeze(int64_t dim) const;
  Tensor unsqueeze(int64_t dim) const;
  Tensor expand(IntArrayRef sizes, bool implicit = false) const;
  Tensor expand_as(const Tensor& other) const { return expand(other.sizes()); }
  Tensor view_as(const Tensor& other) const { return view(other.sizes()); }
  Tensor reshape_as(const Tensor& other) const { return reshape(other.sizes()); }
  Tensor narrow(int64_t dim, int64_t start, int64_t length) const;
  Tensor narrow(int64_t dim, const Tensor& start, int64_t length) const;
  Tensor slice(int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
               std::optional<int64_t> end = std::nullopt, int64_t step = 1) const;
  Tensor select(int64_t dim, int64_t index) const;
  TensorVector chunk(int64_t chunks, int64_t dim = 0) const;
  TensorVector split(int64_t split_size, int64_t dim = 0) const;
  TensorVector split(IntArrayRef split_sizes, int64_t dim = 0) const;
  TensorVector split_with_sizes(IntArrayRef split_sizes, int64_t dim = 0) const {
    return split(split_sizes, dim);
  }
  TensorVector unbind(int64_t dim = 0) const;
  TensorVector tensor_split(int64_t sections, int64_t dim = 0) const;
  TensorVector tensor_split(IntArrayRef indices, int64_t dim = 0) const;
  TensorVector tensor_split(const Tensor& indices_or_sections, int64_t dim = 0) const;
  TensorVector hsplit(int64_t sections) const;
  TensorVector hsplit(IntArrayRef indices) const;
  TensorVector vsplit(int64_t sections) const;
  TensorVector vsplit(IntArrayRef indices) const;
  TensorVector dsplit(int64_t sections) const;
  TensorVector dsplit(IntArrayRef indices) const;
  Tensor flatten(int64_t start_dim = 0, int64_t end_dim = -1) const;
  Tensor unflatten(int64_t dim, IntArrayRef sizes) const;
  Tensor ravel() const;
  Tensor swapaxes(int64_t axis0, int64_t axis1) const { return transpose(axis0, axis1); }
  Tensor swapdims(int64_t dim0, int64_t dim1) const { return transpose(dim0, dim1); }
  Tensor movedim(int64_t source, int64_t destination) const;
  Tensor movedim(IntArrayRef source, IntArrayRef destination) const;
  Tensor moveaxis(int64_t source, int64_t destination) const {
    return movedim(source, destination);
  }
  Tensor moveaxis(IntArrayRef source, IntArrayRef destination) const {
    return movedim(source, destination);
  }
  Tensor broadcast_to(IntArrayRef sizes) const;
  Tensor unfold(int64_t dim, int64_t size, int64_t step) const;
  // These change the sizes of this tensor itself, not its elements.
  Tensor& squeeze_() const;
  Tensor& squeeze_(int64_t dim) const;
  Tensor& unsqueeze_(int64_t dim) const;
  Tensor& transpose_(int64_t dim0, int64_t dim1) const;
  Tensor& swapaxes_(int64_t axis0, int64_t axis1) const { return transpose_(axis0, axis1); }
  Tensor& swapdims_(int64_t dim0, int64_t dim1) const { return transpose_(dim0, dim1); }
  Tensor& t_() const;
  Tensor as_strided(IntArrayRef sizes, IntArrayRef strides,
                    std::optional<int64_t> offset = std::nullopt) const;
  Tensor diagonal(int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1) const;
  Tensor contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  Tensor clone(std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor repeat(IntArrayRef repeats) const;
  Tensor tile(IntArrayRef dims) const;
  Tensor roll(IntArrayRef shifts, IntArrayRef dims = {}) const;
  Tensor rot90(int64_t k = 1, IntArrayRef dims = {0, 1}) const;
  Tensor diag(int64_t diagonal = 0) const;
  Tensor diag_embed(int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1) const;
  Tensor diagflat(int64_t offset = 0) const;
  Tensor repeat_interleave(int64_t repeats, std::optional<int64_t> dim = std::nullopt,
                           std::optional<int64_t> output_size = std::nullopt) const;
  Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> dim = std::nullopt,
                           std::optional<int64_t> output_size = std::nullopt) const;
  Tensor select_scatter(const Tensor& source, int64_t dim, int64_t index) const;
  Tensor slice_scatter(const Tensor& source, int64_t dim = 0,
                       std::optional<int64_t> start = std::nullopt,
                       std::optional<int64_t> end = std::nullopt, int64_t step = 1) const;
  Tensor diagonal_scatter(const Tensor& source, int64_t offset = 0, int64_t dim1 = 0,
                          int64_t dim2 = 1) const;
  // Changes this tensor's sizes; its storage grows where they need more, and what was in it stays.
  // Throws on a tensor that requires grad ("cannot resize variables that require grad").
  const Tensor& resize_(IntArrayRef sizes, std::optional<MemoryFormat> format = std::nullopt) const;
  const Tensor& resize_as_(const Tensor& other,
                           std::optional<MemoryFormat> format = std::nullopt) const;

  // --- Indexing ---
  Tensor index(ArrayRef<indexing::TensorIndex> indices) const;
  Tensor index(std::initializer_list<indexing::TensorIndex> indices) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Tensor& value) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices,
                     const Tensor& value) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Scalar& value) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices,
                     const Scalar& value) const;
  // By tensors alone, an entry for each of the first dimensions; a missing one is the whole.
  Tensor index(const List<std::optional<Tensor>>& indices) const;
  Tensor index_put(const List<std::optional<Tensor>>& indices, const Tensor& values,
                   bool accumulate = false) const;
  Tensor& index_put_(const List<std::optional<Tensor>>& indices, const Tensor& values,
                     bool accumulate = false) const;
  Tensor operator[](int64_t index) const;
  Tensor operator[](int index) const { return (*this)[static_cast<int64_t>(index)]; }
  Tensor operator[](const Tensor& index) const;
  Tensor operator[](const Scalar& index) const;

  // --- dtype and device ---
  // This tensor itself, unless `copy` or something is asked for that it is not. A CUDA device
  // throws "PyTorch is not linked with support for cuda devices".
  Tensor to(const TensorOptions& options = {}, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(ScalarType dtype, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(TypeMeta dtype, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const {
    return to(dtype.toScalarType(), non_blocking, copy, format);
  }
  Tensor to(Device device, ScalarType dtype, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(const Tensor& other, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(const DeprecatedTypeProperties& type, bool non_blocking = false) const {
    return to(type.scalarType(), non_blocking);
  }
  Tensor type_as(const Tensor& other) const { return to(other.scalar_type()); }
  Tensor toType(ScalarType dtype) const { return to(dtype); }
  Tensor toType(const DeprecatedTypeProperties& type) const { return to(type.scalarType()); }
  Tensor cpu() const { return *this; }
  Tensor cuda() const { return to(Device(kCUDA)); }

  // --- Filling in place. Methods that change elements are const, as in libtorch: the handle stays
  // what it is. They return this handle. ---
  Tensor& zero_() const;
  Tensor& fill_(const Scalar& value) const;
  Tensor& fill_(const Tensor& value) const;
  Tensor& copy_(const Tensor& source, bool non_blocking = false) const;
  Tensor& uniform_(double from = 0, double to = 1,
                   std::optional<Generator> generator = std::nullopt) const;
  Tensor& normal_(double mean = 0, double std = 1,
                  std::optional<Generator> generator = std::nullopt) const;
  Tensor& bernoulli_(double p = 0.5, std::optional<Generator> generator = std::nullopt) const;
  Tensor& bernoulli_(const Tensor& p, std::optional<Generator> generator = std::nullopt) const;
  Tensor& exponential_(double lambda = 1, std::optional<Generator> generator = std::nullopt) const;
  // The number of draws until one with probability p succeeds: 1, 2, ...
  Tensor& geometric_(double p, std::optional<Generator> generator = std::nullopt) const;
  Tensor& cauchy_(double median = 0, double sigma = 1,
                  std::optional<Generator> generator = std::nullopt) const;
  // exp of normal draws
  Tensor& log_normal_(double mean = 1, double std = 2,
                      std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(int64_t to, std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(int64_t from, std::optional<int64_t> to,
                  std::optional<Generator> generator = std::nullopt) const;
  Tensor bernoulli(std::optional<Generator> generator = std::nullopt) const;
  Tensor bernoulli(double p, std::optional<Generator> generator = std::nullopt) const;
  Tensor multinomial(int64_t num_samples, bool replacement = false,
                     std::optional<Generator> generator = std::nullopt) const;
  // With this tensor's dtype unless options say. Their requires_grad does not count, as in
  // libtorch.
  Tensor new_zeros(IntArrayRef sizes, const TensorOptions& options = {}) const;
  Tensor new_ones(IntArrayRef sizes, const TensorOptions& options = {}) const;
  Tensor new_empty(IntArrayRef sizes, const TensorOptions& options = {}) const;
  Tensor new_full(IntArrayRef sizes, const Scalar& value, const TensorOptions& options = {}) const;
  Tensor new_empty_strided(IntArrayRef sizes, IntArrayRef strides,
                           const TensorOptions& options = {}) const;

  // --- Elementwise ---
  Tensor add(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor add(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor& add_(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor& add_(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor sub(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor sub(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor& sub_(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor& sub_(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor mul(const Tensor& other) const;
  Tensor mul(const Scalar& other) const;
  Tensor& mul_(const Tensor& other) const;
  Tensor& mul_(const Scalar& other) const;
  Tensor div(const Tensor& other) const;
  Tensor div(const Scalar& other) const;
  Tensor& div_(const Tensor& other) const;
  Tensor& div_(const Scalar& other) const;
  Tensor div(const Tensor& other, std::optional<std::string_view> rounding_mode) const;
  Tensor div(const Scalar& other, std::optional<std::string_view> rounding_mode) const;
  Tensor& div_(const Tensor& other, std::optional<std::string_view> rounding_mode) const;
  Tensor& div_(const Scalar& other, std::optional<std::string_view> rounding_mode) const;
#define TAPER_TENSOR_BINARY(name)             \
  Tensor name(const Tensor& other) const;     \
  Tensor name(const Scalar& other) const;     \
  Tensor& name##_(const Tensor& other) const; \
  Tensor& name##_(const Scalar& other) const;
  TAPER_TENSOR_BINARY(floor_divide)
  TAPER_TENSOR_BINARY(remainder)
  TAPER_TENSOR_BINARY(fmod)
  TAPER_TENSOR_BINARY(pow)
  TAPER_TENSOR_BINARY(float_power)
  TAPER_TENSOR_BINARY(xlogy)
  TAPER_TENSOR_BINARY(copysign)
  TAPER_TENSOR_BINARY(bitwise_and)
  TAPER_TENSOR_BINARY(bitwise_or)
  TAPER_TENSOR_BINARY(bitwise_xor)
  TAPER_TENSOR_BINARY(bitwise_left_shift)
  TAPER_TENSOR_BINARY(bitwise_right_shift)
#define TAPER_TENSOR_WITH(name)           \
  Tensor name(const Tensor& other) const; \
  Tensor& name##_(const Tensor& other) const;
  TAPER_TENSOR_WITH(atan2)
  TAPER_TENSOR_WITH(hypot)
  TAPER_TENSOR_WITH(heaviside)
  TAPER_TENSOR_WITH(nextafter)
  TAPER_TENSOR_WITH(ldexp)
  TAPER_TENSOR_WITH(gcd)
  TAPER_TENSOR_WITH(lcm)
#undef TAPER_TENSOR_WITH
  Tensor logaddexp(const Tensor& other) const;
  Tensor logaddexp2(const Tensor& other) const;
  Tensor maximum(const Tensor& other) const;
  Tensor minimum(const Tensor& other) const;
  Tensor fmax(const Tensor& other) const;
  Tensor fmin(const Tensor& other) const;
  Tensor lerp(const Tensor& end, const Scalar& weight) const;
  Tensor lerp(const Tensor& end, const Tensor& weight) const;
  Tensor& lerp_(const Tensor& end, const Scalar& weight) const;
  Tensor& lerp_(const Tensor& end, const Tensor& weight) const;
  Tensor addcmul(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor& addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor addcdiv(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor& addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;

#define TAPER_TENSOR_UNARY(name) \
  Tensor name() const;           \
  Tensor& name##_() const;
  TAPER_TENSOR_UNARY(neg)
  TAPER_TENSOR_UNARY(abs)
  TAPER_TENSOR_UNARY(exp)
  TAPER_TENSOR_UNARY(log)
  TAPER_TENSOR_UNARY(log1p)
  TAPER_TENSOR_UNARY(expm1)
  TAPER_TENSOR_UNARY(sqrt)
  TAPER_TENSOR_UNARY(rsqrt)
  TAPER_TENSOR_UNARY(sin)
  TAPER_TENSOR_UNARY(cos)
  TAPER_TENSOR_UNARY(tanh)
  TAPER_TENSOR_UNARY(sigmoid)
  TAPER_TENSOR_UNARY(relu)
  TAPER_TENSOR_UNARY(erf)
  TAPER_TENSOR_UNARY(sign)
  TAPER_TENSOR_UNARY(floor)
  TAPER_TENSOR_UNARY(ceil)
  TAPER_TENSOR_UNARY(round)
  TAPER_TENSOR_UNARY(trunc)
  TAPER_TENSOR_UNARY(frac)
  TAPER_TENSOR_UNARY(exp2)
  TAPER_TENSOR_UNARY(log2)
  TAPER_TENSOR_UNARY(log10)
  TAPER_TENSOR_UNARY(tan)
  TAPER_TENSOR_UNARY(asin)
  TAPER_TENSOR_UNARY(acos)
  TAPER_TENSOR_UNARY(atan)
  TAPER_TENSOR_UNARY(sinh)
  TAPER_TENSOR_UNARY(cosh)
  TAPER_TENSOR_UNARY(asinh)
  TAPER_TENSOR_UNARY(acosh)
  TAPER_TENSOR_UNARY(atanh)
  TAPER_TENSOR_UNARY(erfc)
  TAPER_TENSOR_UNARY(reciprocal)
  TAPER_TENSOR_UNARY(bitwise_not)
  TAPER_TENSOR_UNARY(logical_not)
  TAPER_TENSOR_UNARY(square)
  TAPER_TENSOR_UNARY(sgn)
  TAPER_TENSOR_UNARY(sinc)
  TAPER_TENSOR_UNARY(deg2rad)
  TAPER_TENSOR_UNARY(rad2deg)
  TAPER_TENSOR_UNARY(erfinv)
  TAPER_TENSOR_UNARY(lgamma)
  TAPER_TENSOR_UNARY(digamma)
#undef TAPER_TENSOR_UNARY
  Tensor positive() const;
  Tensor polygamma(int64_t n) const;
  Tensor& polygamma_(int64_t n) const;
  Tensor round(int64_t decimals) const;
  Tensor& round_(int64_t decimals) const;
  Tensor logit(std::optional<double> eps = std::nullopt) const;
  Tensor& logit_(std::optional<double> eps = std::nullopt) const;
  Tensor clamp(const std::optional<Scalar>& min,
               const std::optional<Scalar>& max = std::nullopt) const;
  Tensor& clamp_(const std::optional<Scalar>& min,
                 const std::optional<Scalar>& max = std::nullopt) const;
  // Bounds with a value for each element; an undefined one is none.
  Tensor clamp(const std::optional<Tensor>& min = std::nullopt,
               const std::optional<Tensor>& max = std::nullopt) const;
  Tensor& clamp_(const std::optional<Tensor>& min = std::nullopt,
                 const std::optional<Tensor>& max = std::nullopt) const;
#define TAPER_TENSOR_BOUND(name)              \
  Tensor name(const Scalar& bound) const;     \
  Tensor name(const Tensor& bound) const;     \
  Tensor& name##_(const Scalar& bound) const; \
  Tensor& name##_(const Tensor& bound) const;
  TAPER_TENSOR_BOUND(clamp_min)
  TAPER_TENSOR_BOUND(clamp_max)
#undef TAPER_TENSOR_BOUND
  Tensor nan_to_num(std::optional<double> nan = std::nullopt,
                    std::optional<double> posinf = std::nullopt,
                    std::optional<double> neginf = std::nullopt) const;
  Tensor& nan_to_num_(std::optional<double> nan = std::nullopt,
                      std::optional<double> posinf = std::nullopt,
                      std::optional<double> neginf = std::nullopt) const;

  // --- Comparisons and logic: bool results, no gradient ---
  // (in place they keep the dtype).
  TAPER_TENSOR_BINARY(eq)
  TAPER_TENSOR_BINARY(ne)
  TAPER_TENSOR_BINARY(lt)
  TAPER_TENSOR_BINARY(le)
  TAPER_TENSOR_BINARY(gt)
  TAPER_TENSOR_BINARY(ge)
#undef TAPER_TENSOR_BINARY
  Tensor logical_and(const Tensor& other) const;
  Tensor logical_or(const Tensor& other) const;
  Tensor logical_xor(const Tensor& other) const;
  Tensor& logical_and_(const Tensor& other) const;
  Tensor& logical_or_(const Tensor& other) const;
  Tensor& logical_xor_(const Tensor& other) const;
  Tensor isnan() const;
  Tensor isinf() const;
  Tensor isfinite() const;
  Tensor isposinf() const;
  Tensor isneginf() const;
  Tensor isreal() const;
  Tensor signbit() const;
  bool equal(const Tensor& other) const;
  bool allclose(const Tensor& other, double rtol = 1e-5, double atol = 1e-8,
                bool equal_nan = false) const;
  Tensor isclose(const Tensor& other, double rtol = 1e-5, double atol = 1e-8,
                 bool equal_nan = false) const;
  bool is_nonzero() const;

  // --- Other names ---
#define TAPER_TENSOR_ALIAS(alias, name)   \
  Tensor alias() const { return name(); } \
  Tensor& alias##_() const { return name##_(); }
  TAPER_TENSOR_ALIAS(absolute, abs)
  TAPER_TENSOR_ALIAS(negative, neg)
  TAPER_TENSOR_ALIAS(fix, trunc)
  TAPER_TENSOR_ALIAS(arcsin, asin)
  TAPER_TENSOR_ALIAS(arccos, acos)
  TAPER_TENSOR_ALIAS(arctan, atan)
  TAPER_TENSOR_ALIAS(arcsinh, asinh)
  TAPER_TENSOR_ALIAS(arccosh, acosh)
  TAPER_TENSOR_ALIAS(arctanh, atanh)
#undef TAPER_TENSOR_ALIAS
#define TAPER_TENSOR_ALIAS(alias, name)                                  \
  Tensor alias(const Tensor& other) const { return name(other); }        \
  Tensor alias(const Scalar& other) const { return name(other); }        \
  Tensor& alias##_(const Tensor& other) const { return name##_(other); } \
  Tensor& alias##_(const Scalar& other) const { return name##_(other); }
  TAPER_TENSOR_ALIAS(multiply, mul)
  TAPER_TENSOR_ALIAS(divide, div)
  TAPER_TENSOR_ALIAS(true_divide, div)
  TAPER_TENSOR_ALIAS(not_equal, ne)
  TAPER_TENSOR_ALIAS(less, lt)
  TAPER_TENSOR_ALIAS(less_equal, le)
  TAPER_TENSOR_ALIAS(greater, gt)
  TAPER_TENSOR_ALIAS(greater_equal, ge)
#undef TAPER_TENSOR_ALIAS
  Tensor arctan2(const Tensor& other) const { return atan2(other); }
  Tensor& arctan2_(const Tensor& other) const { return atan2_(other); }
  Tensor subtract(const Tensor& other, const Scalar& alpha = 1) const { return sub(other, alpha); }
  Tensor subtract(const Scalar& other, const Scalar& alpha = 1) const { return sub(other, alpha); }
  Tensor& subtract_(const Tensor& other, const Scalar& alpha = 1) const {
    return sub_(other, alpha);
  }
  Tensor& subtract_(const Scalar& other, const Scalar& alpha = 1) const {
    return sub_(other, alpha);
  }
  Tensor divide(const Tensor& other, std::optional<std::string_view> rounding_mode) const {
    return div(other, rounding_mode);
  }
  Tensor divide(const Scalar& other, std::optional<std::string_view> rounding_mode) const {
    return div(other, rounding_mode);
  }
  Tensor& divide_(const Tensor& other, std::optional<std::string_view> rounding_mode) const {
    return div_(other, rounding_mode);
  }
  Tensor& divide_(const Scalar& other, std::optional<std::string_view> rounding_mode) const {
    return div_(other, rounding_mode);
  }
  Tensor clip(const std::optional<Scalar>& min,
              const std::optional<Scalar>& max = std::nullopt) const {
    return clamp(min, max);
  }
  Tensor clip(const std::optional<Tensor>& min = std::nullopt,
              const std::optional<Tensor>& max = std::nullopt) const {
    return clamp(min, max);
  }
  Tensor& clip_(const std::optional<Scalar>& min,
                const std::optional<Scalar>& max = std::nullopt) const {
    return clamp_(min, max);
  }
  Tensor& clip_(const std::optional<Tensor>& min = std::nullopt,
                const std::optional<Tensor>& max = std::nullopt) const {
    return clamp_(min, max);
  }

  // --- Choosing ---
  Tensor where(const Tensor& condition, const Tensor& other) const;
  Tensor masked_fill(const Tensor& mask, const Scalar& value) const;
  Tensor masked_fill(const Tensor& mask, const Tensor& value) const;
  Tensor& masked_fill_(const Tensor& mask, const Scalar& value) const;
  Tensor& masked_fill_(const Tensor& mask, const Tensor& value) const;
  Tensor masked_select(const Tensor& mask) const;
  Tensor masked_scatter(const Tensor& mask, const Tensor& source) const;
  Tensor& masked_scatter_(const Tensor& mask, const Tensor& source) const;
  Tensor gather(int64_t dim, const Tensor& index, bool sparse_grad = false) const;
  Tensor take_along_dim(const Tensor& indices, std::optional<int64_t> dim = std::nullopt) const;
  Tensor scatter_add(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor& scatter_add_(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Tensor& source,
                 const std::string& reduce) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Scalar& value,
                 const std::string& reduce) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Tensor& source,
                   const std::string& reduce) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Scalar& value,
                   const std::string& reduce) const;
  Tensor index_select(int64_t dim, const Tensor& index) const;
  Tensor index_add(int64_t dim, const Tensor& index, const Tensor& source,
                   const Scalar& alpha = 1) const;
  Tensor& index_add_(int64_t dim, const Tensor& index, const Tensor& source,
                     const Scalar& alpha = 1) const;
  Tensor index_copy(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor& index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor index_fill(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor index_fill(int64_t dim, const Tensor& index, const Tensor& value) const;
  Tensor& index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor& index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const;
  Tensor take(const Tensor& index) const;
  Tensor put(const Tensor& index, const Tensor& source, bool accumulate = false) const;
  Tensor& put_(const Tensor& index, const Tensor& source, bool accumulate = false) const;
  Tensor flip(IntArrayRef dims) const;
  Tensor fliplr() const;
  Tensor flipud() const;
  Tensor tril(int64_t diagonal = 0) const;
  Tensor triu(int64_t diagonal = 0) const;
  Tensor& tril_(int64_t diagonal = 0) const;
  Tensor& triu_(int64_t diagonal = 0) const;
  Tensor nonzero() const;
  Tensor argwhere() const;
  TensorVector nonzero_numpy() const;
  Tensor bincount(const std::optional<Tensor>& weights = std::nullopt, int64_t minlength = 0) const;
  Tensor histc(int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0) const;

  // --- Reductions ---
  Tensor sum(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor sum(OptionalIntArrayRef dim, bool keepdim = false,
             std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor mean(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor mean(OptionalIntArrayRef dim, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor prod(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor prod(int64_t dim, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor nansum(OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor nanmean(OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                 std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor max() const;
  Tensor max(const Tensor& other) const { return maximum(other); }
  std::tuple<Tensor, Tensor> max(int64_t dim, bool keepdim = false) const;
  Tensor min() const;
  Tensor min(const Tensor& other) const { return minimum(other); }
  std::tuple<Tensor, Tensor> min(int64_t dim, bool keepdim = false) const;
  Tensor amax(IntArrayRef dim = {}, bool keepdim = false) const;
  Tensor amin(IntArrayRef dim = {}, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> aminmax(std::optional<int64_t> dim = std::nullopt,
                                     bool keepdim = false) const;
  Tensor median() const;
  std::tuple<Tensor, Tensor> median(int64_t dim, bool keepdim = false) const;
  Tensor nanmedian() const;
  std::tuple<Tensor, Tensor> nanmedian(int64_t dim, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> kthvalue(int64_t k, int64_t dim = -1, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> mode(int64_t dim = -1, bool keepdim = false) const;
  Tensor quantile(double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                  std::string_view interpolation = "linear") const;
  Tensor quantile(const Tensor& q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                  std::string_view interpolation = "linear") const;
  Tensor count_nonzero(IntArrayRef dim) const;
  Tensor count_nonzero(std::optional<int64_t> dim = std::nullopt) const;
  Tensor argmax(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  Tensor argmin(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  Tensor var(bool unbiased = true) const;
  Tensor var(OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) const;
  Tensor var(OptionalIntArrayRef dim, std::optional<int64_t> correction,
             bool keepdim = false) const;
  Tensor std(bool unbiased = true) const;
  Tensor std(OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) const;
  Tensor std(OptionalIntArrayRef dim, std::optional<int64_t> correction,
             bool keepdim = false) const;
  Tensor norm(const Scalar& p = 2) const;
  Tensor norm(const std::optional<Scalar>& p, ScalarType dtype) const;
  Tensor norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false) const;
  Tensor norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim,
              ScalarType dtype) const;
  Tensor dist(const Tensor& other, const Scalar& p = 2) const;
  Tensor renorm(const Scalar& p, int64_t dim, const Scalar& maxnorm) const;
  Tensor& renorm_(const Scalar& p, int64_t dim, const Scalar& maxnorm) const;
  Tensor logsumexp(IntArrayRef dim, bool keepdim = false) const;
  Tensor all() const;
  Tensor all(int64_t dim, bool keepdim = false) const;
  Tensor any() const;
  Tensor any(int64_t dim, bool keepdim = false) const;
  Tensor cumsum(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor& cumsum_(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor cumprod(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor& cumprod_(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor logcumsumexp(int64_t dim) const;
  std::tuple<Tensor, Tensor> cummax(int64_t dim) const;
  std::tuple<Tensor, Tensor> cummin(int64_t dim) const;
  Tensor diff(int64_t n = 1, int64_t dim = -1, const std::optional<Tensor>& prepend = {},
              const std::optional<Tensor>& append = {}) const;
  Tensor softmax(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor log_softmax(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  std::tuple<Tensor, Tensor> sort(int64_t dim = -1, bool descending = false) const;
  std::tuple<Tensor, Tensor> sort(std::optional<bool> stable, int64_t dim = -1,
                                  bool descending = false) const;
  Tensor msort() const;
  std::tuple<Tensor, Tensor> topk(int64_t k, int64_t dim = -1, bool largest = true,
                                  bool sorted = true) const;
  Tensor argsort(int64_t dim = -1, bool descending = false) const;
  // argsort(stable, dim, descending): a template, or argsort(0) would be ambiguous.
  template <class Bool, class = std::enable_if_t<std::is_same_v<Bool, bool>>>
  Tensor argsort(Bool stable, int64_t dim = -1, bool descending = false) const {
    return stable ? detail::stable_argsort(*this, dim, descending) : argsort(dim, descending);
  }

  // --- Linear algebra ---
  Tensor matmul(const Tensor& other) const;
  Tensor mm(const Tensor& other) const;
  Tensor bmm(const Tensor& other) const;
  Tensor mv(const Tensor& vec) const;
  Tensor dot(const Tensor& other) const;
  Tensor vdot(const Tensor& other) const;
  Tensor inner(const Tensor& other) const;
  Tensor addmm(const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1,
               const Scalar& alpha = 1) const;
  Tensor& addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1,
                 const Scalar& alpha = 1) const;
  Tensor addmv(const Tensor& mat, const Tensor& vec, const Scalar& beta = 1,
               const Scalar& alpha = 1) const;
  Tensor& addmv_(const Tensor& mat, const Tensor& vec, const Scalar& beta = 1,
                 const Scalar& alpha = 1) const;
  Tensor baddbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1,
                 const Scalar& alpha = 1) const;
  Tensor& baddbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1,
                   const Scalar& alpha = 1) const;
  Tensor addbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1,
                const Scalar& alpha = 1) const;
  Tensor& addbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1,
                  const Scalar& alpha = 1) const;
  Tensor addr(const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1,
              const Scalar& alpha = 1) const;
  Tensor& addr_(const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1,
                const Scalar& alpha = 1) const;
  Tensor outer(const Tensor& vec2) const;
  Tensor ger(const Tensor& vec2) const;
  Tensor kron(const Tensor& other) const;
  Tensor matrix_power(int64_t n) const;
  Tensor cross(const Tensor& other, std::optional<int64_t> dim = std::nullopt) const;
  Tensor trace() const;

  Tensor operator-() const;
  Tensor operator~() const;
  Tensor& operator+=(const Tensor& other);
  Tensor& operator+=(const Scalar& other);
  Tensor& operator-=(const Tensor& other);
  Tensor& operator-=(const Scalar& other);
  Tensor& operator*=(const Tensor& other);
  Tensor& operator*=(const Scalar& other);
  Tensor& operator/=(const Tensor& other);
  Tensor& operator/=(const Scalar& other);
  Tensor& operator&=(const Tensor& other) { return bitwise_and_(other); }
  Tensor& operator|=(const Tensor& other) { return bitwise_or_(other); }
  Tensor& operator^=(const Tensor& other) { return bitwise_xor_(other); }
  Tensor& operator&=(const Scalar& other) { return bitwise_and_(other); }
  Tensor& operator|=(const Scalar& other) { return bitwise_or_(other); }
  Tensor& operator^=(const Scalar& other) { return bitwise_xor_(other); }
  // PyTorch's names for the operators, of which C++ keeps the shifts for streams.
#define TAPER_TENSOR_OPERATOR(op, op_, name)                        \
  Tensor op(const Tensor& other) const { return name(other); }      \
  Tensor op(const Scalar& other) const { return name(other); }      \
  Tensor& op_(const Tensor& other) const { return name##_(other); } \
  Tensor& op_(const Scalar& other) const { return name##_(other); }
  TAPER_TENSOR_OPERATOR(__and__, __iand__, bitwise_and)
  TAPER_TENSOR_OPERATOR(__or__, __ior__, bitwise_or)
  TAPER_TENSOR_OPERATOR(__xor__, __ixor__, bitwise_xor)
  TAPER_TENSOR_OPERATOR(__lshift__, __ilshift__, bitwise_left_shift)
  TAPER_TENSOR_OPERATOR(__rshift__, __irshift__, bitwise_right_shift)
#undef TAPER_TENSOR_OPERATOR

  detail::TensorImpl* unsafeGetTensorImpl() const { return impl_.get(); }
  const detail::IntrusivePtr<detail::TensorImpl>& impl() const { return impl_; }

 private:
  const detail::TensorImpl& checked() const {
    if (__builtin_expect(!impl_, 0)) throw_undefined();
    return *impl_;
  }
  [[noreturn]] static void throw_undefined();
  bool is_in_format(MemoryFormat format) const;
  void* checked_data(ScalarType wanted) const;

  detail::IntrusivePtr<detail::TensorImpl> impl_;
};

// The methods of these names, as functions.
inline bool is_floating_point(const Tensor& x) { return x.is_floating_point(); }
inline bool is_signed(const Tensor& x) { return x.is_signed(); }
inline bool is_complex(const Tensor& x) { return x.is_complex(); }
inline bool is_nonzero(const Tensor& x) { return x.is_nonzero(); }
inline bool is_same_size(const Tensor& a, const Tensor& b) { return a.is_same_size(b); }
inline int64_t numel(const Tensor& x) { return x.numel(); }
inline int64_t size(const Tensor& x, int64_t dim) { return x.size(dim); }
inline int64_t stride(const Tensor& x, int64_t dim) { return x.stride(dim); }

// As libtorch prints it: the elements, aligned, then [ CPUFloatType{2,3} ].
std::ostream& operator<<(std::ostream& out, const Tensor& tensor);

}  // namespace taper
