#include "taper/autograd/autograd.h"

#include "taper/autograd/engine.h"
#include "taper/autograd/meta.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::autograd {
namespace {

// The gradient that the pass starts from at `output`.
Tensor root_gradient(const Tensor& output, const Tensor& given, size_t index) {
  if (!given.defined()) {
    TAPER_CHECK(output.numel() == 1,
                "grad can be implicitly created only for scalar outputs, got shape ",
                output.sizes());
    return raw::full(output.sizes(), 1, output.scalar_type());
  }
  // As any gradient, it may have the broadcast shape and another dtype.
  TAPER_CHECK(is_expandable_to(output.sizes(), given.sizes()), "invalid gradient at index ", index,
              " - got ", given.sizes(), " but expected shape compatible with ", output.sizes(),
              " (Mismatch in shape: grad_output[", index, "] has a shape of ", given.sizes(),
              " and output[", index, "] has a shape of ", output.sizes(), ".)");
  return given;
}

void add_roots(Engine& engine, const variable_list& outputs, const variable_list& grads) {
  TAPER_CHECK(grads.empty() || grads.size() == outputs.size(), "got ", outputs.size(),
              " tensors and ", grads.size(), " gradients");
  for (size_t i = 0; i < outputs.size(); ++i) {
    TAPER_CHECK(outputs[i].defined(),
                "cannot call get_autograd_meta() on undefined tensor: element ", i, " of tensors");
    Edge edge = gradient_edge(outputs[i]);
    TAPER_CHECK(edge.is_valid(), "element ", i,
                " of tensors does not require grad and does not have a grad_fn");
    engine.add_root(edge, root_gradient(outputs[i], grads.empty() ? Tensor() : grads[i], i));
  }
}

}  // namespace

void backward(const variable_list& tensors, const variable_list& grad_tensors,
              std::optional<bool> retain_graph, bool create_graph, const variable_list& inputs) {
  Engine engine({retain_graph.value_or(create_graph), create_graph});
  if (!inputs.empty()) {
    std::vector<Edge> edges;
    for (const Tensor& input : inputs) {
      input.retain_grad();
      edges.push_back(gradient_edge(input));
    }
    engine.restrict_to(edges);
    add_roots(engine, tensors, grad_tensors);
    engine.run();
    return;
  }
  add_roots(engine, tensors, grad_tensors);
  engine.run();
}

variable_list grad(const variable_list& outputs, const variable_list& inputs,
                   const variable_list& grad_outputs, std::optional<bool> retain_graph,
                   bool create_graph, bool allow_unused) {
  if (inputs.empty()) detail::throw_error<ValueError>("grad requires non-empty inputs.");
  Engine engine({retain_graph.value_or(create_graph), create_graph});
  std::vector<Edge> edges;
  for (const Tensor& input : inputs) {
    TAPER_CHECK(input.defined() && input.requires_grad(),
                "One of the differentiated Tensors does not require grad");
    edges.push_back(gradient_edge(input));
  }
  engine.capture(edges);
  add_roots(engine, outputs, grad_outputs);
  engine.run();
  variable_list result;
  for (size_t i = 0; i < inputs.size(); ++i) {
    TAPER_CHECK(allow_unused || engine.captured(i).defined(),
                "One of the differentiated Tensors appears to not have been used in the graph. Set "
                "allow_unused=True if "
                "this is the desired behavior.");
    result.push_back(engine.captured(i));
  }
  return result;
}

}  // namespace taper::autograd
