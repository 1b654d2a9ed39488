#include "taper/autograd/to_dot.h"

#include <map>
#include <sstream>
#include <unordered_map>

#include "taper/autograd/meta.h"
#include "taper/autograd/views.h"

namespace taper::autograd {
namespace {

// As text of a label. What has a meaning in labels is a backslash, and an ampersand, which begins
// a character reference.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '\\':
        result += "\\\\";
        break;
      case '"':
        result += "\\\"";
        break;
      case '\n':
        result += "\\n";
        break;
      case '&':
        result += "&amp;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string text_of(IntArrayRef sizes) {
  std::ostringstream text;
  text << sizes;
  return text.str();
}

// Names of leaves, and of outputs of operations.
class Names {
 public:
  explicit Names(const std::vector<std::pair<std::string, Tensor>>& names) {
    for (const auto& [name, tensor] : names) {
      if (!tensor.defined() || !tensor.requires_grad()) continue;
      if (const NodePtr fn = tensor.grad_fn()) {
        outputs_.emplace(std::pair<const Node*, uint32_t>(fn.get(), tensor.output_nr()), name);
      } else {
        leaves_.emplace(tensor.unsafeGetTensorImpl(), name);
      }
    }
  }

  std::string of_leaf(const detail::TensorImpl* leaf) const {
    const auto found = leaves_.find(leaf);
    return found == leaves_.end() ? "leaf" : found->second;
  }
  std::string of_output(const Node* node, uint32_t k) const {
    const auto found = outputs_.find({node, k});
    return found == outputs_.end() ? "" : found->second;
  }

 private:
  std::unordered_map<const detail::TensorImpl*, std::string> leaves_;
  std::map<std::pair<const Node*, uint32_t>, std::string> outputs_;
};

// The lines of a box: the name, then one for each output.
std::string label(const Node& node, const Names& names) {
  const detail::TensorImpl* leaf = node.leaf();
  std::string text = escaped(leaf != nullptr ? names.of_leaf(leaf) : node.name());
  for (uint32_t k = 0; k < node.num_inputs(); ++k) {
    const std::string name = names.of_output(&node, k);
    text += "\\n" + (name.empty() ? "" : escaped(name) + " ");
    text += text_of(node.output_meta(k).sizes);
  }
  return text;
}

}  // namespace

std::string to_dot(const Tensor& result, const std::vector<std::pair<std::string, Tensor>>& names) {
  TAPER_CHECK(result.defined(), "to_dot: expected a tensor, got an undefined one");
  const Names known(names);
  const Edge root = gradient_edge(result);
  std::vector<const Node*> nodes;  // box n(i + 1) is nodes[i]
  std::unordered_map<const Node*, size_t> box_of;
  std::ostringstream arrows;
  const auto arrow = [&](const Edge& from, size_t to) {
    const Node* node = from.function.get();
    const auto [at, is_new] = box_of.emplace(node, nodes.size() + 1);
    if (is_new) nodes.push_back(node);
    arrows << "  n" << at->second << " -> n" << to;
    if (node->num_inputs() > 1) arrows << " [label=\"" << from.input_nr << "\"]";
    arrows << ";\n";
  };
  std::ostringstream boxes;
  boxes << "digraph tape {\n"
           "  node [shape=box, style=filled, fillcolor=lightgrey, fontname=monospace];\n"
           "  n0 [label=\"result\\n"
        << text_of(result.sizes()) << "\", fillcolor=palegreen];\n";
  if (root.is_valid()) arrow(root, 0);
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = *nodes[i];
    boxes << "  n" << i + 1 << " [label=\"" << label(node, known) << '"'
          << (node.leaf() != nullptr ? ", fillcolor=lightblue" : "") << "];\n";
    for (size_t k = 0; k < node.num_outputs(); ++k) {
      if (const Edge& edge = node.next_edge(k); edge.is_valid()) arrow(edge, i + 1);
    }
  }
  return boxes.str() + arrows.str() + "}\n";
}

}  // namespace taper::autograd
