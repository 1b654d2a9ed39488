// Ways to look at gradients: derivatives as tensors, the tape as a drawing, a check of a big
// module, a deep one in less memory, the culprit of a NaN, what a backward keeps.
// docs/inspecting-gradients.md quotes these functions.

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "common/flags.h"
#include "custom_gru/cells.h"
#include "taper/taper.h"

namespace {

namespace autograd = taper::autograd;
namespace functional = taper::autograd::functional;
namespace nn = taper::nn;
using autograd::variable_list;
using taper::Tensor;

void derivatives() {
  Tensor x = taper::tensor({1.0, 2.0, 3.0});
  auto cubes = [](const Tensor& t) { return t.pow(3); };         // [3] -> [3]
  auto energy = [](const Tensor& t) { return t.pow(3).sum(); };  // [3] -> []
  std::cout << functional::jacobian(cubes, x) << '\n';           // [3, 3]: 3 x^2 on the diagonal
  std::cout << functional::hessian(energy, x) << '\n';           // [3, 3]: 6 x on the diagonal
  auto [value, hv] = functional::hvp(energy, x, taper::ones({3}));
  std::cout << value << '\n' << hv << '\n';  // 36, and 6 x without the matrix

  Tensor a = taper::eye(2);            // [2, 2]
  Tensor b = taper::tensor({1., 2.});  // [2]
  auto product = [](const variable_list& in) { return mv(in[0], in[1]); };
  variable_list j = functional::jacobian(product, {a, b});
  std::cout << j[0].sizes() << ' ' << j[1].sizes() << "\n\n";  // [2, 2, 2] [2, 2]
}

std::string drawing() {
  custom_gru::GRUCell cell(3, 4);
  Tensor x = taper::ones({2, 3});
  Tensor h = taper::zeros({2, 4});
  auto [next_hidden, output] = cell(x, h);
  return autograd::to_dot(next_hidden, cell->named_parameters());
}

void check_big_module() {
  nn::Sequential net(nn::Linear(100, 300), nn::Tanh(), nn::Linear(300, 230), nn::Tanh(),
                     nn::Linear(230, 5));  // 100,685 parameters
  net->to(taper::kFloat64);
  Tensor x = taper::randn({8, 100}, taper::kFloat64);
  autograd::GradcheckOptions options;
  options.fast_mode = true;
  autograd::gradcheck_parameters([&] { return net->forward(x); }, net, options);
  std::cout << "gradcheck of 100,685 parameters in fast mode: they agree\n";
}

// The most memory that a training step of 16 blocks needs, in MB.
double peak_of_a_step(bool checkpointed) {
  std::vector<nn::Sequential> blocks;
  for (int i = 0; i < 16; ++i) {
    blocks.emplace_back(nn::Linear(64, 64), nn::ReLU(), nn::Dropout(0.1), nn::Linear(64, 64),
                        nn::ReLU());
  }
  Tensor x = taper::randn({1024, 64});
  const int64_t before = taper::memory_stats().allocated_bytes;
  taper::reset_peak_memory_stats();
  for (nn::Sequential& block : blocks) {
    x = checkpointed ? autograd::checkpoint(block, x) : block->forward(x);
  }
  x.sum().backward();
  return static_cast<double>(taper::memory_stats().peak_allocated_bytes - before) / 1e6;
}

void compare_memory() {
  std::cout << "a step of 16 blocks takes " << peak_of_a_step(false) << " MB, with checkpoints "
            << peak_of_a_step(true) << " MB\n";
}

void find_the_nan() {
  autograd::DetectAnomalyGuard guard;
  Tensor x = taper::tensor({1.0, 4.0}).requires_grad_();
  Tensor distance = (x - 2).sqrt();  // of a negative number
  try {
    (distance * 0).sum().backward();
  } catch (const taper::Error& error) {
    std::cout << error.what() << '\n';
  }
}

void count_what_is_saved() {
  int64_t bytes = 0;
  autograd::SavedTensorHooks hooks(
      [&](const Tensor& saved) {
        bytes += static_cast<int64_t>(saved.nbytes());
        return saved;
      },
      [](const Tensor& packed) { return packed; });
  Tensor x = taper::ones({100, 100}).requires_grad_();
  Tensor y = (x * x).exp();
  std::cout << "x * x saves x twice, exp its result: " << bytes << " bytes\n";
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run("inspecting_gradients", [&] {
    std::string dot;
    int64_t seed = 0;
    examples::Flags flags(
        "inspecting_gradients",
        "Derivatives as tensors, the tape as a drawing, a check of a big module.");
    flags.add("--dot", dot, "FILE", "write the tape of one GRU step there, for Graphviz");
    flags.add("--seed", seed, "of all random numbers");
    if (!flags.parse(argc, argv)) return 0;
    taper::manual_seed(static_cast<uint64_t>(seed));
    if (!dot.empty() && !(std::ofstream(dot) << drawing())) {
      throw examples::UsageError("cannot write " + dot);
    }
    derivatives();
    check_big_module();
    compare_memory();
    find_the_nan();
    count_what_is_saved();
    return 0;
  });
}
