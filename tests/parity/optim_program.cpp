// Optimizers: the parameters' ways over 1,000 steps in float64, with all options.
#include <functional>
#include <memory>
#include <vector>

#include "parity/parity.h"

namespace {

namespace optim = torch::optim;
using torch::Tensor;

// A banana-shaped valley in ten dimensions, with a little noise that both libraries share.
Tensor valley(const Tensor& x, const Tensor& y, int step) {
  const Tensor bent = y - x.pow(2);
  return ((1 - x).pow(2) + 3 * bent.pow(2)).mean() + x.sum() * 1e-3 * ((step % 7) - 3);
}

template <class Make>
void trajectory(parity::Recorder& r, const std::string& name, Make make) {
  Tensor x = torch::linspace(-1, 1, 10, torch::kFloat64).requires_grad_();
  Tensor y = torch::linspace(2, -0.5, 10, torch::kFloat64).requires_grad_();
  auto optimizer = make(std::vector<Tensor>{x, y});
  for (int step = 1; step <= 1000; ++step) {
    optimizer->zero_grad();
    valley(x, y, step).backward();
    optimizer->step();
    if (step <= 3 || step % 100 == 0) {
      r.loss(name + " x " + std::to_string(step), x.detach());
      r.loss(name + " y " + std::to_string(step), y.detach());
    }
  }
}

template <class Optimizer, class Options>
void each(parity::Recorder& r, const std::string& name, const Options& options) {
  trajectory(r, name, [&](const std::vector<Tensor>& parameters) {
    return std::make_unique<Optimizer>(parameters, options);
  });
}

}  // namespace

PARITY_PROGRAM(optimizers) {
  using optim::SGDOptions;
  each<optim::SGD>(r, "sgd", SGDOptions(0.01));
  each<optim::SGD>(r, "sgd momentum", SGDOptions(0.01).momentum(0.9));
  each<optim::SGD>(r, "sgd dampened", SGDOptions(0.01).momentum(0.8).dampening(0.3));
  each<optim::SGD>(r, "sgd nesterov", SGDOptions(0.01).momentum(0.9).nesterov(true));
  each<optim::SGD>(r, "sgd decay", SGDOptions(0.01).momentum(0.5).weight_decay(0.05));
  using optim::AdamOptions;
  each<optim::Adam>(r, "adam", AdamOptions(0.01));
  each<optim::Adam>(r, "adam betas", AdamOptions(0.01).betas(std::make_tuple(0.8, 0.95)).eps(1e-4));
  each<optim::Adam>(r, "adam decay", AdamOptions(0.01).weight_decay(0.02));
  each<optim::Adam>(r, "amsgrad", AdamOptions(0.01).amsgrad(true));
  using optim::AdamWOptions;
  each<optim::AdamW>(r, "adamw", AdamWOptions(0.01));
  each<optim::AdamW>(r, "adamw decay", AdamWOptions(0.01).weight_decay(0.3).amsgrad(true));
  using optim::AdagradOptions;
  each<optim::Adagrad>(r, "adagrad", AdagradOptions(0.05));
  each<optim::Adagrad>(r, "adagrad decay",
                       AdagradOptions(0.05).lr_decay(1e-3).weight_decay(0.01).eps(1e-6));
  // Near the minimum a small eps magnifies every rounding; this one does not.
  using optim::RMSpropOptions;
  each<optim::RMSprop>(r, "rmsprop", RMSpropOptions(0.003).eps(0.1));
  each<optim::RMSprop>(r, "rmsprop centered",
                       RMSpropOptions(0.003).centered(true).momentum(0.5).alpha(0.9).eps(0.1));
}

PARITY_PROGRAM(parameter_groups) {
  Tensor x = torch::ones({3}, torch::kFloat64).requires_grad_();
  Tensor y = torch::ones({3}, torch::kFloat64).requires_grad_();
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{x});
  groups.emplace_back(std::vector<Tensor>{y}, std::make_unique<optim::SGDOptions>(0.2));
  optim::SGD sgd(groups, optim::SGDOptions(0.1).momentum(0.5));
  optim::StepLR scheduler(sgd, 3, 0.5);
  for (int step = 0; step < 10; ++step) {
    sgd.zero_grad();
    (x * y).pow(2).sum().backward();
    sgd.step();
    scheduler.step();
    r.loss("x " + std::to_string(step), x.detach());
    r.loss("y " + std::to_string(step), y.detach());
    for (auto& group : sgd.param_groups()) {
      r.print(c10::str("rate ", step, ' ', group.params()[0].is_same(x)),
              static_cast<optim::SGDOptions&>(group.options()).lr());
    }
  }
  r.print("groups", sgd.param_groups().size());
  static_cast<optim::SGDOptions&>(sgd.defaults()).momentum(0.1);
  sgd.add_param_group(
      optim::OptimizerParamGroup(std::vector<Tensor>{torch::ones({1}).requires_grad_()}));
  r.print("default momentum",
          static_cast<optim::SGDOptions&>(sgd.param_groups()[2].options()).momentum());
}

PARITY_PROGRAM(lbfgs) {
  for (const bool wolfe : {false, true}) {
    Tensor x = torch::linspace(-1, 1, 10, torch::kFloat64).requires_grad_();
    Tensor y = torch::linspace(2, -0.5, 10, torch::kFloat64).requires_grad_();
    optim::LBFGSOptions options(wolfe ? 1.0 : 0.1);
    options.max_iter(8).history_size(5);
    if (wolfe) options.line_search_fn("strong_wolfe");
    optim::LBFGS lbfgs({x, y}, options);
    for (int step = 0; step < 5; ++step) {
      const Tensor loss = lbfgs.step([&] {
        lbfgs.zero_grad();
        Tensor value = valley(x, y, 3);
        value.backward();
        return value;
      });
      const std::string name = c10::str(wolfe ? "wolfe " : "plain ", step);
      r.lbfgs_loss(name, loss.detach());
      r.lbfgs_loss(name + " x", x.detach());
    }
  }
}
