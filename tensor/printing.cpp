#include "taper/tensor/printing.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <vector>

#include "taper/tensor/raw/core.h"
#include "taper/tensor/tensor.h"

namespace taper {
namespace {

constexpr std::int64_t kLineSize = 80;

// Gives the stream its own format back.
class FormatGuard {
 public:
  explicit FormatGuard(std::ostream& out) : out_(out), saved_(nullptr) { saved_.copyfmt(out); }
  FormatGuard(const FormatGuard&) = delete;
  FormatGuard& operator=(const FormatGuard&) = delete;
  ~FormatGuard() { out_.copyfmt(saved_); }

 private:
  std::ostream& out_;
  std::ios saved_;
};

std::ostream& indent(std::ostream& out, std::int64_t width) {
  for (std::int64_t i = 0; i < width; ++i) out << ' ';
  return out;
}

struct NumberFormat {
  double scale;
  int width;
};

// Decimal digits before the point, 0 or less for numbers below 1; 1 for zero.
double digits_of(double magnitude) {
  return magnitude == 0 ? 1 : std::floor(std::log10(magnitude)) + 1;
}

// Sets the stream to the notation that suits all n numbers. Only what libtorch sets is set: where
// it leaves the precision of an earlier matrix standing, that shows in its output too.
NumberFormat choose_format(std::ostream& out, const double* x, std::int64_t n) {
  const double* end = x + n;
  const auto finite = [](double v) { return std::isfinite(v); };
  const bool integers =
      std::none_of(x, end, [](double v) { return std::isfinite(v) && v != std::ceil(v); });
  double digits_min = 1;
  double digits_max = 1;
  const double* first = std::find_if(x, end, finite);
  if (first != end) {
    double smallest = std::fabs(*first);
    double greatest = smallest;
    for (const double* p = first; p != end; ++p) {
      if (!std::isfinite(*p)) continue;
      smallest = std::min(smallest, std::fabs(*p));
      // With its sign: a negative number never counts as the greatest unless it comes first.
      if (*p > greatest) greatest = std::fabs(*p);
    }
    digits_min = digits_of(smallest);
    digits_max = digits_of(greatest);
  }

  if (integers) {
    if (digits_max > 9) {
      out << std::scientific << std::setprecision(4);
      return {1, 11};
    }
    out << std::defaultfloat;
    return {1, static_cast<int>(digits_max) + 1};
  }
  if (digits_max - digits_min > 4) {
    out << std::scientific << std::setprecision(4);
    const bool three_digit_exponent = std::fabs(digits_max) > 99 || std::fabs(digits_min) > 99;
    return {1, three_digit_exponent ? 12 : 11};
  }
  out << std::fixed << std::setprecision(4);
  if (digits_max > 5 || digits_max < 0) return {std::pow(10.0, digits_max - 1), 7};
  return {1, digits_max == 0 ? 7 : static_cast<int>(digits_max) + 6};
}

void print_scale(std::ostream& out, double scale) {
  const FormatGuard guard(out);
  out << std::defaultfloat << scale << " *\n";
}

void print_vector(std::ostream& out, const double* x, std::int64_t n) {
  const NumberFormat format = choose_format(out, x, n);
  if (format.scale != 1) print_scale(out, format.scale);
  for (std::int64_t i = 0; i < n; ++i)
    out << std::setw(format.width) << x[i] / format.scale << '\n';
}

void print_matrix(std::ostream& out, const double* x, std::int64_t rows, std::int64_t columns,
                  std::int64_t line_size, std::int64_t margin) {
  const NumberFormat format = choose_format(out, x, rows * columns);
  const std::int64_t per_line =
      std::max<std::int64_t>(1, (line_size - margin) / (format.width + 1));
  indent(out, margin);
  for (std::int64_t first = 0; first < columns; first += per_line) {
    const std::int64_t last = std::min(first + per_line, columns) - 1;
    if (per_line < columns) {
      if (first != 0) out << '\n';
      out << "Columns " << first + 1 << " to " << last + 1;
      indent(out, margin);
    }
    if (format.scale != 1) {
      print_scale(out, format.scale);
      indent(out, margin);
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      if (row != 0) indent(out, format.scale != 1 ? margin + 1 : margin);
      for (std::int64_t column = first; column <= last; ++column) {
        out << std::setw(format.width) << x[row * columns + column] / format.scale;
        out << (column == last ? '\n' : ' ');
      }
    }
  }
}

// Matrix after matrix of the last two dimensions, the first dimension counting fastest.
void print_matrices(std::ostream& out, const double* x, IntArrayRef sizes, IntArrayRef strides,
                    std::int64_t line_size) {
  const std::size_t outer = sizes.size() - 2;
  std::vector<std::int64_t> counter(outer, 0);
  bool first = true;
  for (;;) {
    if (!first) out << '\n';
    first = false;
    out << '(';
    std::int64_t offset = 0;
    for (std::size_t d = 0; d < outer; ++d) {
      out << counter[d] + 1 << ',';
      offset += counter[d] * strides[d];
    }
    out << ".,.) = \n";
    print_matrix(out, x + offset, sizes[outer], sizes[outer + 1], line_size, 1);
    std::size_t d = 0;
    while (d < outer && ++counter[d] == sizes[d]) counter[d++] = 0;
    if (d == outer) return;
  }
}

}  // namespace

std::ostream& print(std::ostream& out, const Tensor& tensor, std::int64_t line_size) {
  if (!tensor.defined()) return out << "[ Tensor (undefined) ]";
  const FormatGuard guard(out);
  const Tensor numbers = raw::contiguous(raw::to(tensor, kDouble));
  const auto* x = static_cast<const double*>(numbers.data_ptr());
  const IntArrayRef sizes = numbers.sizes();
  if (sizes.empty()) {
    out << std::defaultfloat << *x << '\n';
  } else if (numbers.numel() == 0) {
    // No elements: the last line alone.
  } else if (sizes.size() == 1) {
    print_vector(out, x, sizes[0]);
  } else if (sizes.size() == 2) {
    print_matrix(out, x, sizes[0], sizes[1], line_size, 0);
  } else {
    print_matrices(out, x, sizes, numbers.strides(), line_size);
  }
  out << "[ " << tensor.toString() << '{';
  for (std::size_t d = 0; d < sizes.size(); ++d) out << (d == 0 ? "" : ",") << sizes[d];
  return out << "} ]";
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) {
  return print(out, tensor, kLineSize);
}

void print(const Tensor& tensor, std::int64_t line_size) { print(std::cout, tensor, line_size); }

void Tensor::print() const {
  if (defined()) {
    std::cerr << '[' << toString() << ' ' << sizes() << "]\n";
  } else {
    std::cerr << "[UndefinedTensor]\n";
  }
}

std::ostream& operator<<(std::ostream& out, ScalarType type) { return out << to_string(type); }

std::string_view TypeMeta::name() const {
  switch (type_) {
    case ScalarType::Byte:
      return "unsigned char";
    case ScalarType::Int:
      return "int";
    case ScalarType::Long:
      return "long int";
    case ScalarType::Float:
      return "float";
    case ScalarType::Double:
      return "double";
    case ScalarType::Bool:
      return "bool";
    case ScalarType::Undefined:
      break;
  }
  return "nullptr (uninitialized)";
}

std::ostream& operator<<(std::ostream& out, TypeMeta type) { return out << type.name(); }

std::ostream& operator<<(std::ostream& out, Layout layout) { return out << to_string(layout); }

std::ostream& operator<<(std::ostream& out, MemoryFormat format) {
  constexpr const char* kNames[] = {"Contiguous", "Preserve", "ChannelsLast", "ChannelsLast3d"};
  return out << kNames[static_cast<std::size_t>(format)];
}

std::ostream& operator<<(std::ostream& out, const TensorOptions& options) {
  const auto given = [](bool is_given) { return is_given ? "" : " (default)"; };
  const auto yes_or_no = [](bool value) { return value ? "true" : "false"; };
  out << "TensorOptions(dtype=" << options.dtype() << given(options.has_dtype())
      << ", device=" << options.device() << given(options.has_device())
      << ", layout=" << options.layout() << given(options.has_layout())
      << ", requires_grad=" << yes_or_no(options.requires_grad())
      << given(options.has_requires_grad())
      << ", pinned_memory=" << yes_or_no(options.pinned_memory())
      << given(options.has_pinned_memory()) << ", memory_format=";
  if (options.has_memory_format()) return out << *options.memory_format_opt() << ')';
  return out << "(nullopt))";
}

std::string toString(const TensorOptions& options) {
  std::ostringstream out;
  out << options;
  return out.str();
}

std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& type) {
  return out << type.toString();
}

std::ostream& operator<<(std::ostream& out, DeviceType type) {
  return out << DeviceTypeName(type, true);
}

std::ostream& operator<<(std::ostream& out, const Device& device) { return out << device.str(); }

std::ostream& operator<<(std::ostream& out, const Scalar& value) {
  if (value.isBoolean()) return out << (value.toBool() ? "true" : "false");
  if (value.isFloatingPoint()) return out << value.toDouble();
  return out << value.toLong();
}

std::ostream& operator<<(std::ostream& out, IntArrayRef list) {
  out << '[';
  for (std::size_t i = 0; i < list.size(); ++i) out << (i == 0 ? "" : ", ") << list[i];
  return out << ']';
}

}  // namespace taper
