#pragma once

#include <torch/names/macros.h>
#include <torch/names/streams.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "taper/taper.h"

// The names of c10::, each of them taper's own. torch, at and c10 are namespaces of their own,
// which a program may open; names come into them one by one, not by a directive for all of taper,
// or `using namespace torch;` would make `nn` two namespaces. The standard headers are those that
// programs for libtorch get with it and lean on.
namespace c10 {

using std::in_place;
using std::make_optional;
using std::nullopt;
using std::nullopt_t;
using std::optional;
using std::string_view;

using taper::ArrayRef;
using taper::DataPtr;
using taper::Device;
using taper::DeviceIndex;
using taper::DeviceType;
using taper::DeviceTypeName;
using taper::InferenceMode;
using taper::IntArrayRef;
using taper::IntList;
using taper::irange;
using taper::Layout;
using taper::List;
using taper::makeArrayRef;
using taper::MemoryFormat;
using taper::OptionalArrayRef;
using taper::OptionalIntArrayRef;
using taper::Scalar;
using taper::ScalarType;
using taper::Storage;
using taper::TensorOptions;

using taper::device;
using taper::device_index;
using taper::dtype;
using taper::layout;
using taper::memory_format;
using taper::requires_grad;

using taper::get_default_dtype;
using taper::get_default_dtype_as_scalartype;
using taper::set_default_dtype;

using taper::kBool;
using taper::kByte;
using taper::kDouble;
using taper::kFloat;
using taper::kInt;
using taper::kLong;

using taper::kCPU;
using taper::kCUDA;
using taper::kHIP;
using taper::kMeta;
using taper::kMkldnn;
using taper::kMPS;
using taper::kSparse;
using taper::kSparseBsc;
using taper::kSparseBsr;
using taper::kSparseCsc;
using taper::kSparseCsr;
using taper::kStrided;
using taper::kXLA;
using taper::kXPU;

using taper::canCast;
using taper::CppTypeToScalarType;
using taper::elementSize;
using taper::isComplexType;
using taper::isFloatingType;
using taper::isIntegralType;
using taper::isSignedType;
using taper::promoteTypes;
using taper::scalarTypeToTypeMeta;
using taper::toString;
using taper::typeMetaToScalarType;

using taper::Error;
using taper::IndexError;
using taper::LinAlgError;
using taper::NotImplementedError;
using taper::OutOfMemoryError;
using taper::TypeError;
using taper::ValueError;

namespace guts {
// Of a TensorImpl* it is the key of an optimizer's state.
template <class T>
std::string to_string(T value) {
  if constexpr (std::is_arithmetic_v<T>) {
    return std::to_string(value);
  } else {
    return str(value);
  }
}
}  // namespace guts

}  // namespace c10

namespace caffe2 {
using taper::TypeMeta;
}  // namespace caffe2
