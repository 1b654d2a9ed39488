#include "taper/autograd/gradcheck.h"

#include <fmt/format.h>

#include <cmath>

#include "taper/autograd/autograd.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"

namespace taper::autograd {
namespace {

// d output element / d input element for one output and one input, both flattened row-major.
struct Jacobian {
  int64_t rows = 0;  // output elements
  int64_t cols = 0;  // input elements
  std::vector<double> values;

  Jacobian(int64_t rows_, int64_t cols_)
      : rows(rows_), cols(cols_), values(static_cast<size_t>(rows_ * cols_)) {}
  double& at(int64_t row, int64_t col) { return values[static_cast<size_t>(row * cols + col)]; }
};

std::string position(int64_t flat, IntArrayRef sizes) {
  std::vector<int64_t> index(sizes.size());
  for (size_t d = sizes.size(); d-- > 0;) {
    index[d] = flat % sizes[d];
    flat /= sizes[d];
  }
  return fmt::format("[{}]", fmt::join(index, ", "));
}

// The place in memory of the flat-th element of x.
double* element(const Tensor& x, int64_t flat) {
  int64_t offset = 0;
  for (size_t d = x.sizes().size(); d-- > 0;) {
    offset += flat % x.sizes()[d] * x.strides()[d];
    flat /= x.sizes()[d];
  }
  return x.data_ptr<double>() + offset;
}

variable_list differentiable_outputs(const GradcheckFunction& fn, const variable_list& inputs) {
  variable_list outputs;
  for (Tensor& output : fn(inputs)) {
    if (output.defined() && output.is_floating_point()) outputs.push_back(std::move(output));
  }
  return outputs;
}

std::vector<double> values_of(const Tensor& x) {
  Tensor dense = raw::contiguous(raw::to(x, kFloat64));
  return {dense.data_ptr<double>(), dense.data_ptr<double>() + dense.numel()};
}

std::string check_inputs(const variable_list& inputs) {
  bool any = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Tensor& x = inputs[i];
    if (!x.defined() || !x.requires_grad()) continue;
    any = true;
    if (x.scalar_type() != kFloat64) {
      return fmt::format("gradcheck: expected inputs of float64, got {} for input {}",
                         to_string(x.scalar_type()), i);
    }
    for (size_t d = 0; d < x.sizes().size(); ++d) {
      if (x.strides()[d] == 0 && x.sizes()[d] > 1) {
        return fmt::format(
            "gradcheck: input {} has a dimension with stride 0; its elements must not share memory",
            i);
      }
    }
  }
  return any ? ""
             : "gradcheck expects at least one input tensor to require gradient, but none of the "
               "them have "
               "requires_grad=True.";
}

// Numeric Jacobians of every output with respect to `input`.
std::vector<Jacobian> numeric(const GradcheckFunction& fn, const variable_list& inputs,
                              const Tensor& input, const variable_list& outputs, double eps) {
  NoGradGuard no_grad;
  std::vector<Jacobian> result;
  for (const Tensor& output : outputs) result.emplace_back(output.numel(), input.numel());
  for (int64_t col = 0; col < input.numel(); ++col) {
    double* place = element(input, col);
    double before = *place;
    struct Restore {
      double* place;
      double value;
      ~Restore() { *place = value; }
    } restore{place, before};
    // Read before the next change: an output may share the memory of the input.
    const auto outputs_at = [&](double value) {
      *place = value;
      std::vector<std::vector<double>> values;
      for (const Tensor& output : differentiable_outputs(fn, inputs))
        values.push_back(values_of(output));
      return values;
    };
    const auto above = outputs_at(before + eps);
    const auto below = outputs_at(before - eps);
    for (size_t k = 0; k < outputs.size(); ++k) {
      const std::vector<double>& a = above[k];
      const std::vector<double>& b = below[k];
      for (size_t row = 0; row < a.size(); ++row) {
        result[k].at(static_cast<int64_t>(row), col) = (a[row] - b[row]) / (2 * eps);
      }
    }
  }
  return result;
}

// Rows of the Jacobians of one output with respect to the inputs, by one backward pass for each
// output element.
std::vector<Jacobian> analytic(const Tensor& output, const variable_list& inputs) {
  std::vector<Jacobian> result;
  for (const Tensor& input : inputs) result.emplace_back(output.numel(), input.numel());
  if (!output.requires_grad()) return result;
  for (int64_t row = 0; row < output.numel(); ++row) {
    Tensor direction = raw::zeros(output.sizes(), output.scalar_type());
    raw::fill(raw::select(raw::view(direction, {-1}), 0, row), 1);
    variable_list grads =
        grad({output}, inputs, {direction}, /*retain_graph=*/true, false, /*allow_unused=*/true);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!grads[i].defined()) continue;
      std::vector<double> g = values_of(grads[i]);
      for (size_t col = 0; col < g.size(); ++col)
        result[i].at(row, static_cast<int64_t>(col)) = g[col];
    }
  }
  return result;
}

bool close(double a, double b, double rtol, double atol) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return true;
  return std::fabs(a - b) <= atol + rtol * std::fabs(b);
}

}  // namespace

GradcheckResult check_gradients(const GradcheckFunction& fn, const variable_list& inputs,
                                const GradcheckOptions& options,
                                const std::vector<std::string>& names) {
  if (std::string problem = check_inputs(inputs); !problem.empty()) return {false, problem};
  AutoGradMode recording(true);
  variable_list outputs = differentiable_outputs(fn, inputs);
  variable_list wanted;
  std::vector<size_t> index;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].defined() || !inputs[i].requires_grad()) continue;
    wanted.push_back(inputs[i]);
    index.push_back(i);
  }
  std::vector<std::vector<Jacobian>> numeric_of;  // [input][output]
  for (const Tensor& input : wanted)
    numeric_of.push_back(numeric(fn, inputs, input, outputs, options.eps));
  for (size_t k = 0; k < outputs.size(); ++k) {
    std::vector<Jacobian> first = analytic(outputs[k], wanted);
    std::vector<Jacobian> again = analytic(outputs[k], wanted);
    for (size_t i = 0; i < wanted.size(); ++i) {
      std::string what = "input " + std::to_string(index[i]);
      if (index[i] < names.size()) what += " (" + names[index[i]] + ")";
      for (int64_t row = 0; row < first[i].rows; ++row) {
        for (int64_t col = 0; col < first[i].cols; ++col) {
          double a = first[i].at(row, col);
          double n = numeric_of[i][k].at(row, col);
          std::string where = fmt::format("output {} element {} with respect to {} element {}", k,
                                          position(row, outputs[k].sizes()), what,
                                          position(col, wanted[i].sizes()));
          if (!close(a, again[i].at(row, col), 0, options.nondet_tol)) {
            return {false,
                    fmt::format("Backward is not reentrant, i.e., running backward with same input "
                                "and grad_output "
                                "multiple times gives different values: {}: {:.17g} and {:.17g}",
                                where, a, again[i].at(row, col))};
          }
          if (!close(a, n, options.rtol, options.atol)) {
            return {false,
                    fmt::format("Jacobian mismatch for {}: analytic {:.10g}, numeric {:.10g}",
                                where, a, n)};
          }
        }
      }
    }
  }
  return {};
}

GradcheckResult check_second_gradients(const GradcheckFunction& fn, const variable_list& inputs,
                                       const variable_list& grad_outputs,
                                       const GradcheckOptions& options,
                                       const std::vector<std::string>& names) {
  if (std::string problem = check_inputs(inputs); !problem.empty()) return {false, problem};
  AutoGradMode recording(true);
  variable_list outputs = differentiable_outputs(fn, inputs);
  variable_list directions = grad_outputs;
  if (directions.empty()) {
    // Not from the default generator: a check must not shift the user's random numbers.
    Generator generator = make_generator(0x7a9e5);
    for (const Tensor& output : outputs) {
      directions.push_back(
          randn(output.sizes(), generator, TensorOptions(kFloat64).requires_grad(true)));
    }
  }
  TAPER_CHECK(directions.size() == outputs.size(), "gradgradcheck: expected ", outputs.size(),
              " grad_outputs, got ", directions.size());
  std::vector<std::string> all_names = names;
  for (size_t i = all_names.size(); i < inputs.size(); ++i) all_names.push_back("input");
  for (size_t k = 0; k < directions.size(); ++k) all_names.push_back("grad_output");
  variable_list all = inputs;
  all.insert(all.end(), directions.begin(), directions.end());
  size_t count = inputs.size();
  auto gradients = [&fn, count](const variable_list& arguments) -> variable_list {
    // On the tape even where the numeric differences are taken: the function is a gradient.
    AutoGradMode on(true);
    variable_list xs(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(count));
    variable_list used_outputs;
    variable_list used_directions;
    variable_list ys = differentiable_outputs(fn, xs);
    for (size_t k = 0; k < ys.size(); ++k) {
      if (!ys[k].requires_grad()) continue;
      used_outputs.push_back(ys[k]);
      used_directions.push_back(arguments[count + k]);
    }
    variable_list wanted;
    for (const Tensor& x : xs) {
      if (x.defined() && x.requires_grad()) wanted.push_back(x);
    }
    if (used_outputs.empty()) return {};
    variable_list result;
    for (Tensor& g : grad(used_outputs, wanted, used_directions, true, /*create_graph=*/true,
                          /*allow_unused=*/true)) {
      if (g.defined()) result.push_back(std::move(g));
    }
    return result;
  };
  return check_gradients(gradients, all, options, all_names);
}

namespace internal {

bool report(const GradcheckResult& result, const GradcheckOptions& options) {
  TAPER_CHECK(result.passed || !options.raise_exception, result.message);
  return result.passed;
}

}  // namespace internal
}  // namespace taper::autograd
