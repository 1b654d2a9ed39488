// Every row of the op table, in all the dtypes, layouts and edge cases that can be made of its
// samples.
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "op_table/table.h"
#include "parity/parity.h"

namespace {

using op_table::Case;
using op_table::Row;
using op_table::Tensors;
using torch::Tensor;

bool is_real(const Tensor& x) { return x.is_floating_point(); }

// Fresh leaves with the values that `change` makes of the inputs.
Tensors changed(const Case& c, const std::function<Tensor(const Tensor&)>& change) {
  torch::NoGradGuard no_grad;
  Tensors result;
  for (const Tensor& x : c.inputs) {
    Tensor y = change(x.detach());
    if (y.is_same(x)) y = y.clone();
    result.push_back(y.is_floating_point() ? y.detach().requires_grad_() : y.detach());
  }
  return result;
}

Tensor as(const Tensor& x, torch::ScalarType dtype) { return is_real(x) ? x.to(dtype) : x; }

// Whole numbers of both signs, so that a cast to integers is defined and not all zero.
Tensor whole(const Tensor& x) { return is_real(x) ? (x * 3).round() : x; }

Tensor transposed(const Tensor& x) {
  return x.dim() < 2 ? x.clone() : x.transpose(0, -1).contiguous().transpose(0, -1);
}

Tensor sliced(const Tensor& x) {
  if (x.dim() == 0) return x.clone();
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes.back() = sizes.back() * 2 + 1;
  Tensor room = torch::full(sizes, 77, x.options());
  Tensor part = room.slice(-1, 1, sizes.back(), 2);
  part.copy_(x);
  return part;
}

Tensor expanded(const Tensor& x) {
  return x.dim() == 0 || x.size(0) == 0 || !is_real(x) ? x : x.slice(0, 0, 1).expand(x.sizes());
}

Tensor emptied(const Tensor& x) { return x.dim() == 0 ? x : x.slice(0, 0, 0).clone(); }

Tensor with_specials(const Tensor& x) {
  if (!is_real(x) || x.numel() == 0) return x;
  Tensor y = x.clone();
  Tensor flat = y.view({-1});
  const std::vector<double> specials = {std::nan(""), INFINITY, -INFINITY, -0.0, 0.0};
  for (int64_t i = 0; i < flat.numel() && i < 5; ++i) {
    flat[i].fill_(specials[static_cast<size_t>(i)]);
  }
  return y;
}

// Elements of a result that is a sum over the outputs, each with a weight of its own.
Tensor weighted_sum(const Tensors& outputs) {
  Tensor sum = torch::zeros({}, torch::kFloat64);
  for (const Tensor& y : outputs) {
    if (!y.defined() || !is_real(y) || !y.requires_grad()) continue;
    Tensor weights = torch::arange(y.numel(), torch::kFloat64).reshape(y.sizes()) * 0.37 + 0.5;
    sum = sum + (y.to(torch::kFloat64) * weights).sum();
  }
  return sum;
}

void record(parity::Recorder& r, const std::string& name, const Row& row, const Case& c,
            const Tensors& inputs) {
  // What is computed from float32 is as good as float32, in whatever dtype it ends.
  const bool single = std::any_of(inputs.begin(), inputs.end(), [](const Tensor& x) {
    return x.scalar_type() == torch::kFloat32;
  });
  const auto value = [&](const std::string& what, const Tensor& x) {
    const bool rounded = single && x.scalar_type() == torch::kFloat64;
    r.value(name + what + (rounded ? " of double" : ""), rounded ? x.to(torch::kFloat32) : x);
  };
  Tensors outputs;
  try {
    outputs = c.call(inputs);
  } catch (const std::exception&) {
    r.text(name, "throws");
    return;
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    value(" output " + std::to_string(i), outputs[i]);
  }
  if ((row.traits & op_table::kNoGradient) != 0) return;
  Tensors wanted;
  for (const Tensor& x : inputs) {
    if (is_real(x) && x.requires_grad()) wanted.push_back(x);
  }
  const Tensor sum = weighted_sum(outputs);
  if (wanted.empty() || !sum.requires_grad()) return;
  Tensors grads;
  try {
    grads = torch::autograd::grad({sum}, wanted, {}, c10::nullopt, false, true);
  } catch (const std::exception&) {
    r.text(name + " backward", "throws");
    return;
  }
  for (size_t i = 0; i < grads.size(); ++i) {
    // Whether a gradient of zeros is left undefined is nobody's business.
    value(" gradient " + std::to_string(i),
          grads[i].defined() ? grads[i] : torch::zeros_like(wanted[i]));
  }
}

void record_case(parity::Recorder& r, const std::string& name, const Row& row, const Case& c) {
  const auto run = [&](const char* variant, const std::function<Tensor(const Tensor&)>& change) {
    Tensors inputs;
    try {
      inputs = changed(c, change);
    } catch (const std::exception&) {
      r.text(name + " " + variant, "inputs throw");
      return;
    }
    record(r, name + " " + variant, row, c, inputs);
  };
  run("double", [](const Tensor& x) { return x.clone(); });
  run("float", [](const Tensor& x) { return as(x, torch::kFloat32); });
  run("long", [](const Tensor& x) { return as(whole(x), torch::kInt64); });
  run("int", [](const Tensor& x) { return as(whole(x), torch::kInt32); });
  run("byte", [](const Tensor& x) { return as(whole(x).abs(), torch::kUInt8); });
  run("bool", [](const Tensor& x) { return as(whole(x), torch::kBool); });
  run("specials", with_specials);
  run("float specials", [](const Tensor& x) { return as(with_specials(x), torch::kFloat32); });
  run("empty", emptied);
  if ((row.traits & op_table::kLeaksLayout) == 0) {
    run("transposed", transposed);
    run("sliced", sliced);
    if ((row.traits & op_table::kInPlace) == 0) run("expanded", expanded);
  }
  // Two dtypes at once: the first input has one, the others the other.
  const auto mixed = [&](const char* variant, torch::ScalarType first, torch::ScalarType others) {
    int64_t position = 0;
    run(variant, [&](const Tensor& x) {
      const torch::ScalarType dtype = position++ == 0 ? first : others;
      const bool real = dtype == torch::kFloat32 || dtype == torch::kFloat64;
      return as(real ? x : whole(x), dtype);
    });
  };
  if (c.inputs.size() > 1) {
    mixed("float and double", torch::kFloat32, torch::kFloat64);
    mixed("double and float", torch::kFloat64, torch::kFloat32);
    mixed("float and long", torch::kFloat32, torch::kInt64);
    mixed("long and float", torch::kInt64, torch::kFloat32);
    mixed("int and long", torch::kInt32, torch::kInt64);
    mixed("bool and float", torch::kBool, torch::kFloat32);
    mixed("long and bool", torch::kInt64, torch::kBool);
    // A tensor without dimensions is weak in promotion.
    int64_t position = 0;
    run("float and zero-dim double", [&](const Tensor& x) {
      if (position++ == 0) return as(x, torch::kFloat32);
      return is_real(x) && x.numel() > 0 ? x.reshape({-1})[0].clone() : x;
    });
    position = 0;
    run("long and zero-dim float", [&](const Tensor& x) {
      if (position++ == 0) return as(whole(x), torch::kInt64);
      return is_real(x) && x.numel() > 0 ? as(x.reshape({-1})[0].clone(), torch::kFloat32) : x;
    });
  }
}

}  // namespace

PARITY_PROGRAM(op_table) {
  for (const Row& row : op_table::rows()) {
    for (size_t i = 0; i < row.cases.size(); ++i) {
      const Case& c = row.cases[i];
      record_case(r, row.name + "[" + std::to_string(i) + " " + c.label + "]", row, c);
    }
  }
}
