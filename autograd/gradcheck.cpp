#include "taper/autograd/gradcheck.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "taper/autograd/autograd.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"

namespace taper::autograd {
namespace {

// The elements of a tensor, row-major.
using Values = std::vector<double>;

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

Values values_of(const Tensor& x) {
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

bool close(double a, double b, double rtol, double atol) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return true;
  return std::fabs(a - b) <= atol + rtol * std::fabs(b);
}

// What is checked: the outputs at the inputs, and the inputs that want a gradient.
struct Subject {
  Subject(const GradcheckFunction& fn_, const variable_list& inputs_,
          const GradcheckOptions& options_, const std::vector<std::string>& names)
      : fn(fn_), inputs(inputs_), options(options_), outputs(differentiable_outputs(fn, inputs)) {
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!inputs[i].defined() || !inputs[i].requires_grad()) continue;
      wanted.push_back(inputs[i]);
      std::string name = "input " + std::to_string(i);
      if (i < names.size()) name += " (" + names[i] + ")";
      names_of_wanted.push_back(std::move(name));
    }
  }

  // The elements of the outputs at the inputs as they are now.
  std::vector<Values> values_now() const {
    const NoGradGuard no_grad;
    std::vector<Values> values;
    for (const Tensor& output : differentiable_outputs(fn, inputs))
      values.push_back(values_of(output));
    return values;
  }

  // v^T J of one output for each wanted input.
  std::vector<Values> analytic(const Tensor& output, const Tensor& v) const {
    std::vector<Values> result;
    variable_list grads(wanted.size());
    if (output.requires_grad())
      grads = grad({output}, wanted, {v}, /*retain_graph=*/true, false, /*allow_unused=*/true);
    for (size_t i = 0; i < wanted.size(); ++i) {
      result.push_back(grads[i].defined() ? values_of(grads[i])
                                          : Values(static_cast<size_t>(wanted[i].numel())));
    }
    return result;
  }

  std::string place(size_t output, int64_t row, size_t input, int64_t col) const {
    return fmt::format("output {} element {} with respect to {} element {}", output,
                       position(row, outputs[output].sizes()), names_of_wanted[input],
                       position(col, wanted[input].sizes()));
  }
  // Empty if the two derivatives agree.
  std::string compare(const std::string& where, double analytic, double numeric) const {
    if (close(analytic, numeric, options.rtol, options.atol)) return {};
    return fmt::format("Jacobian mismatch for {}: analytic {:.10g}, numeric {:.10g}", where,
                       analytic, numeric);
  }
  // Empty if a second backward pass gave the same.
  std::string compare_again(const std::string& where, double first, double again) const {
    if (close(first, again, 0, options.nondet_tol)) return {};
    return fmt::format(
        "Backward is not reentrant, i.e., running backward with same input and grad_output "
        "multiple times gives different values: {}: {:.17g} and {:.17g}",
        where, first, again);
  }

  const GradcheckFunction& fn;
  const variable_list& inputs;
  const GradcheckOptions& options;
  variable_list outputs;
  variable_list wanted;
  std::vector<std::string> names_of_wanted;
};

// (above - below) / (2 eps) for each output.
std::vector<Values> central_difference(const std::vector<Values>& above,
                                       const std::vector<Values>& below, double eps) {
  std::vector<Values> result = above;
  for (size_t k = 0; k < result.size(); ++k) {
    for (size_t row = 0; row < result[k].size(); ++row)
      result[k][row] = (above[k][row] - below[k][row]) / (2 * eps);
  }
  return result;
}

// The derivatives of the outputs along one element of the input.
std::vector<Values> numeric_column(const Subject& subject, const Tensor& input, int64_t col) {
  double* place = element(input, col);
  struct Restore {
    double* place;
    double value;
    ~Restore() { *place = value; }
  } const restore{place, *place};
  const double eps = subject.options.eps;
  // Read before the next change: an output may share the memory of the input.
  *place = restore.value + eps;
  const std::vector<Values> above = subject.values_now();
  *place = restore.value - eps;
  return central_difference(above, subject.values_now(), eps);
}

Tensor one_hot(const Tensor& like, int64_t position) {
  Tensor direction = raw::zeros(like.sizes(), like.scalar_type());
  raw::fill(raw::select(raw::view(direction, {-1}), 0, position), 1);
  return direction;
}

// Every element of every Jacobian: columns by differences, rows by one backward pass each.
GradcheckResult check_all_elements(const Subject& subject) {
  const size_t inputs = subject.wanted.size();
  std::vector<std::vector<std::vector<Values>>> numeric(inputs);  // [input][column][output][row]
  for (size_t i = 0; i < inputs; ++i) {
    for (int64_t col = 0; col < subject.wanted[i].numel(); ++col)
      numeric[i].push_back(numeric_column(subject, subject.wanted[i], col));
  }
  for (size_t k = 0; k < subject.outputs.size(); ++k) {
    const Tensor& output = subject.outputs[k];
    for (int64_t row = 0; row < output.numel(); ++row) {
      const Tensor direction = one_hot(output, row);
      const std::vector<Values> first = subject.analytic(output, direction);
      const std::vector<Values> again = subject.analytic(output, direction);
      for (size_t i = 0; i < inputs; ++i) {
        for (size_t col = 0; col < first[i].size(); ++col) {
          const double analytic = first[i][col];
          const double difference = numeric[i][col][k][static_cast<size_t>(row)];
          if (close(analytic, again[i][col], 0, subject.options.nondet_tol) &&
              close(analytic, difference, subject.options.rtol, subject.options.atol))
            continue;
          const std::string where = subject.place(k, row, i, static_cast<int64_t>(col));
          std::string problem = subject.compare_again(where, analytic, again[i][col]);
          if (problem.empty()) problem = subject.compare(where, analytic, difference);
          return {false, problem};
        }
      }
    }
  }
  return {};
}

// --- Fast mode ---

double dot(const Values& a, const Values& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// A direction of length 1: the difference of two Jacobians, projected by two of them, is of the
// size of the typical difference of their elements, and so are the tolerances.
Values random_direction(int64_t size, const Generator& generator) {
  Values direction = values_of(randn({size}, generator, TensorOptions(kFloat64)));
  const double length = std::sqrt(dot(direction, direction));
  for (double& x : direction) x /= length;
  return direction;
}

// The direction within a range of elements, 0 elsewhere.
Values part(const Values& direction, int64_t begin, int64_t end) {
  Values result(direction.size());
  std::copy(direction.begin() + begin, direction.begin() + end, result.begin() + begin);
  return result;
}

// J u of every output for one input.
std::vector<Values> numeric_along(const Subject& subject, const Tensor& input, const Values& u) {
  class Moving {
   public:
    Moving(const Tensor& input, const Values& direction)
        : input_(input), direction_(direction), before_(values_of(input)) {}
    ~Moving() { move(0); }
    void move(double step) const {
      for (size_t i = 0; i < before_.size(); ++i)
        *element(input_, static_cast<int64_t>(i)) = before_[i] + step * direction_[i];
    }

   private:
    const Tensor& input_;
    const Values& direction_;
    Values before_;
  } const moving(input, u);
  const double eps = subject.options.eps;
  moving.move(eps);
  const std::vector<Values> above = subject.values_now();
  moving.move(-eps);
  return central_difference(above, subject.values_now(), eps);
}

Tensor shaped_like(const Tensor& output, const Values& v) {
  return raw::to(tensor(v, TensorOptions(kFloat64)).view(output.sizes()), output.scalar_type());
}

// Where among `size` elements most of a difference comes from, by halves.
template <class Difference>
int64_t search(int64_t size, const Difference& difference) {
  int64_t begin = 0;
  int64_t end = size;
  while (end - begin > 1) {
    const int64_t middle = begin + (end - begin) / 2;
    const double lower = std::fabs(difference(begin, middle));
    const double upper = std::fabs(difference(middle, end));
    if (std::isnan(lower) || lower >= upper) {
      end = middle;
    } else {
      begin = middle;
    }
  }
  return begin;
}

// Names one element in which the Jacobians differ: a logarithmic number of passes.
std::string explain(const Subject& subject, size_t k, size_t i, const Values& v, const Values& u) {
  const Tensor& output = subject.outputs[k];
  const Tensor& input = subject.wanted[i];
  const Values gradient = subject.analytic(output, shaped_like(output, v))[i];
  const int64_t col = search(input.numel(), [&](int64_t begin, int64_t end) {
    const Values some = part(u, begin, end);
    return dot(gradient, some) - dot(v, numeric_along(subject, input, some)[k]);
  });
  const Values column = numeric_column(subject, input, col)[k];
  const auto analytic = [&](const Tensor& direction) {
    return subject.analytic(output, direction)[i][static_cast<size_t>(col)];
  };
  const int64_t row = search(output.numel(), [&](int64_t begin, int64_t end) {
    const Values some = part(v, begin, end);
    return analytic(shaped_like(output, some)) - dot(some, column);
  });
  const std::string mismatch =
      subject.compare(subject.place(k, row, i, col), analytic(one_hot(output, row)),
                      column[static_cast<size_t>(row)]);
  if (mismatch.empty()) {
    return "Fast gradcheck failed but element-wise differences are small. This means that the "
           "check might pass with fast_mode = false.";
  }
  return mismatch + " (one of the elements that differ; fast_mode = false compares all of them)";
}

// One number for each output and input: v^T J u.
GradcheckResult check_projections(const Subject& subject) {
  // Not from the default generator: a check must not shift the user's random numbers.
  const Generator generator = make_generator(0x7a9e6);
  const size_t inputs = subject.wanted.size();
  std::vector<Values> u;
  std::vector<std::vector<Values>> numeric;  // [input][output][row]
  for (const Tensor& input : subject.wanted) {
    u.push_back(random_direction(input.numel(), generator));
    numeric.push_back(numeric_along(subject, input, u.back()));
  }
  for (size_t k = 0; k < subject.outputs.size(); ++k) {
    const Tensor& output = subject.outputs[k];
    const Values v = random_direction(output.numel(), generator);
    const std::vector<Values> first = subject.analytic(output, shaped_like(output, v));
    const std::vector<Values> again = subject.analytic(output, shaped_like(output, v));
    for (size_t i = 0; i < inputs; ++i) {
      const std::string where =
          fmt::format("output {} with respect to {}, projected on random directions (fast mode)", k,
                      subject.names_of_wanted[i]);
      const double analytic = dot(first[i], u[i]);
      std::string problem = subject.compare_again(where, analytic, dot(again[i], u[i]));
      if (problem.empty()) {
        problem = subject.compare(where, analytic, dot(v, numeric[i][k]));
        if (!problem.empty()) problem += "\n" + explain(subject, k, i, v, u[i]);
      }
      if (!problem.empty()) return {false, problem};
    }
  }
  return {};
}

}  // namespace

GradcheckResult check_gradients(const GradcheckFunction& fn, const variable_list& inputs,
                                const GradcheckOptions& options,
                                const std::vector<std::string>& names) {
  if (std::string problem = check_inputs(inputs); !problem.empty()) return {false, problem};
  AutoGradMode recording(true);
  const Subject subject(fn, inputs, options, names);
  return options.fast_mode ? check_projections(subject) : check_all_elements(subject);
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
