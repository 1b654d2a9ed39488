// A script for libtorch, as a stranger would bring it.
#include <torch/torch.h>

#include <iostream>

struct NetImpl : torch::nn::Module {
  NetImpl() : fc(register_module("fc", torch::nn::Linear(2, 1))) {}
  torch::Tensor forward(torch::Tensor x) { return torch::sigmoid(fc(x)); }
  torch::nn::Linear fc;
};
TORCH_MODULE(Net);

int main() {
  torch::manual_seed(0);
  Net net;
  net->forward(torch::ones({4, 2})).sum().backward();
  try {
    net->forward(torch::ones({4, 3}));
  } catch (const c10::Error& e) {
    std::cout << net << '\n' << net->fc->weight.grad().sizes() << '\n';
    return 0;
  }
  std::cout << "an input of the wrong size threw nothing\n";
  return 1;
}
