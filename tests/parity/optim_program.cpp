// The optimizers: trajectories over many steps with every option, groups, states, schedules and
// what is refused.
#include "parity/parity.h"

namespace optim_parity {

namespace O = torch::optim;
using torch::Tensor;
using Group = O::OptimizerParamGroup;

Tensor wave(torch::IntArrayRef sizes, double phase) {
  int64_t numel = 1;
  for (int64_t size : sizes) numel *= size;
  return torch::sin(torch::arange(numel, torch::kFloat64) * 0.37 + phase).reshape(sizes);
}

// A bowl of another curvature for each element, whose minimum moves.
struct Problem {
  Tensor a = wave({3, 5}, 0.3).requires_grad_();
  Tensor b = wave({7}, 1.3).requires_grad_();
  Tensor unused = wave({2}, 2.3).requires_grad_();

  Tensor loss(int step) const {
    const double noise = 0.1 * std::sin(0.7 * step);
    return ((a - wave({3, 5}, 2) - noise).pow(2) * (wave({3, 5}, 0.9) + 1.5)).sum() +
           (b - noise).pow(2).sum() * 0.5 + (b * a.sum()).sin().sum() * 0.1;
  }
  std::vector<Tensor> parameters() const { return {a, b, unused}; }
};

template <class Optimizer, class Options>
void trajectory(parity::Recorder& r, const std::string& name, const Options& options) {
  const Problem problem;
  Optimizer optimizer(problem.parameters(), options);
  for (int step = 1; step <= 1000; ++step) {
    optimizer.zero_grad();
    problem.loss(step).backward();
    optimizer.step();
    if (step == 1 || step == 2 || step == 10 || step == 100 || step == 1000) {
      r.value(name + ".a" + std::to_string(step), problem.a);
      r.value(name + ".b" + std::to_string(step), problem.b);
    }
  }
  r.value(name + ".unused", problem.unused);
}

template <class State, class Optimizer>
State& state(Optimizer& optimizer, const Tensor& p) {
  return static_cast<State&>(*optimizer.state()[c10::guts::to_string(p.unsafeGetTensorImpl())]);
}

}  // namespace optim_parity

PARITY_PROGRAM(optim_trajectories) {
  using namespace optim_parity;
  trajectory<O::SGD>(r, "sgd", O::SGDOptions(0.02));
  trajectory<O::SGD>(r, "sgd.decay", O::SGDOptions(0.02).weight_decay(0.1));
  trajectory<O::SGD>(r, "sgd.momentum",
                     O::SGDOptions(0.01).momentum(0.9).dampening(0.2).weight_decay(0.01));
  trajectory<O::SGD>(r, "sgd.nesterov", O::SGDOptions(0.005).momentum(0.8).nesterov(true));
  trajectory<O::Adam>(r, "adam", O::AdamOptions(0.02));
  trajectory<O::Adam>(r, "adam.options",
                      O::AdamOptions(0.02).betas({0.8, 0.95}).eps(1e-4).weight_decay(0.05));
  trajectory<O::Adam>(r, "adam.amsgrad", O::AdamOptions(0.05).amsgrad(true).weight_decay(0.01));
  trajectory<O::AdamW>(r, "adamw", O::AdamWOptions(0.02));
  trajectory<O::AdamW>(r, "adamw.options",
                       O::AdamWOptions(0.02).betas({0.7, 0.9}).eps(1e-3).weight_decay(0.3));
  trajectory<O::AdamW>(r, "adamw.amsgrad", O::AdamWOptions(0.05).amsgrad(true).weight_decay(0));
  trajectory<O::Adagrad>(r, "adagrad", O::AdagradOptions(0.3));
  trajectory<O::Adagrad>(
      r, "adagrad.options",
      O::AdagradOptions(0.5).lr_decay(0.01).weight_decay(0.02).initial_accumulator_value(0.1).eps(
          1e-6));
  trajectory<O::RMSprop>(r, "rmsprop", O::RMSpropOptions(0.01));
  trajectory<O::RMSprop>(
      r, "rmsprop.options",
      O::RMSpropOptions(0.005).alpha(0.9).eps(1e-3).momentum(0.7).weight_decay(0.03));
  trajectory<O::RMSprop>(r, "rmsprop.centered", O::RMSpropOptions(0.005).eps(1e-2).centered(true));
  trajectory<O::RMSprop>(
      r, "rmsprop.all",
      O::RMSpropOptions(0.002).alpha(0.8).eps(1e-2).centered(true).momentum(0.5).weight_decay(
          0.01));
}

PARITY_PROGRAM(optim_lbfgs) {
  using namespace optim_parity;
  const std::pair<const char*, O::LBFGSOptions> runs[] = {
      {"plain", O::LBFGSOptions(0.3).max_iter(5)},
      {"history", O::LBFGSOptions(0.5).max_iter(7).history_size(2)},
      {"evaluations", O::LBFGSOptions(0.5).max_iter(10).max_eval(4)},
      {"tolerance", O::LBFGSOptions(0.5).tolerance_grad(1e-2).tolerance_change(1e-4)},
      {"wolfe", O::LBFGSOptions(1).max_iter(6).line_search_fn("strong_wolfe")},
      {"wolfe short",
       O::LBFGSOptions(0.01).max_iter(8).history_size(3).line_search_fn("strong_wolfe")},
  };
  for (const auto& [name, options] : runs) {
    const Problem problem;
    O::LBFGS optimizer(problem.parameters(), options);
    std::string counts;
    for (int step = 0; step < 8; ++step) {
      const Tensor loss = optimizer.step([&] {
        optimizer.zero_grad();
        const Tensor value = problem.loss(0);
        value.backward();
        return value;
      });
      r.lbfgs_loss(std::string(name) + " loss" + std::to_string(step), loss);
      const auto& s = state<O::LBFGSParamState>(optimizer, problem.a);
      counts += std::to_string(s.func_evals()) + ":" + std::to_string(s.n_iter()) + " ";
    }
    r.text(std::string(name) + " counts", counts);
    r.lbfgs_loss(std::string(name) + " a", problem.a);
  }
}

PARITY_PROGRAM(optim_groups) {
  using namespace optim_parity;
  const Problem problem;
  std::vector<Group> groups;
  groups.emplace_back(std::vector<Tensor>{problem.a});
  groups.emplace_back(std::vector<Tensor>{problem.b}, std::make_unique<O::AdamOptions>(0.5));
  O::Adam adam(groups, O::AdamOptions(0.1).betas({0.5, 0.5}));
  adam.add_param_group(Group({problem.unused}));
  O::StepLR schedule(adam, 3, 0.5);
  for (int step = 1; step <= 10; ++step) {
    adam.zero_grad();
    problem.loss(step).backward();
    adam.step();
    schedule.step();
    std::ostringstream rates;
    for (auto& group : adam.param_groups()) rates << group.options().get_lr() << ' ';
    r.text("rates" + std::to_string(step), rates.str());
  }
  r.value("a", problem.a);
  r.value("b", problem.b);
  const auto& s = state<O::AdamParamState>(adam, problem.a);
  r.value("exp_avg", s.exp_avg());
  r.value("exp_avg_sq", s.exp_avg_sq());
  r.print("step", s.step());
  r.print("max", s.max_exp_avg_sq().defined());
  r.print("states", adam.state().size());
  r.print("size", adam.size());
  r.print("groups", adam.param_groups().size());
  r.print("group", adam.param_groups()[1].params().size() + 10 * adam.parameters().size());
  static_cast<O::AdamOptions&>(adam.defaults()).lr(3);
  r.print("default", adam.defaults().get_lr());
  adam.param_groups()[0].options().set_lr(-0.5);
  adam.step();
  r.value("ascent", problem.a);
  r.print("equal", (O::AdamOptions(0.1) == O::AdamOptions(0.1)) +
                       2 * (O::SGDOptions(0.1) == O::SGDOptions(0.1).momentum(0.5)) +
                       4 * (O::AdagradOptions() == O::AdagradOptions()) +
                       8 * (O::RMSpropOptions() == O::RMSpropOptions().alpha(0.5)));
  const Tensor loss = adam.step([&] { return problem.loss(3); });
  r.value("loss", loss);

  // Tied weights stand twice among the parameters, and are stepped twice.
  const Tensor w = wave({2, 2}, 0.7).requires_grad_();
  w.mutable_grad() = torch::ones({2, 2}, torch::kFloat64);
  O::SGD sgd({w, w}, O::SGDOptions(0.1).momentum(0.5));
  sgd.step();
  r.value("tied", w);
  O::RMSprop rmsprop({w, w}, O::RMSpropOptions(0.1));
  rmsprop.step();
  r.value("tied rmsprop", w);
  O::Adagrad adagrad({w}, O::AdagradOptions(0.1).initial_accumulator_value(0.25));
  r.value("sum", state<O::AdagradParamState>(adagrad, w).sum());
  adagrad.step();
  r.value("sum after", state<O::AdagradParamState>(adagrad, w).sum());
  r.value("adagrad", w);
}

PARITY_PROGRAM(optim_errors) {
  using namespace optim_parity;
  const Tensor p = torch::ones({2}).requires_grad_();
  const Tensor q = torch::ones({3}).requires_grad_();
  r.error("leaf", [&] { O::SGD({p * 2}, 0.1); });
  r.error("leaf before options", [&] { O::SGD({p * 2}, -0.1); });
  r.error("sgd lr", [&] { O::SGD({p}, O::SGDOptions(-1)); });
  r.error("sgd momentum", [&] { O::SGD({p}, O::SGDOptions(1).momentum(-0.5)); });
  r.error("sgd weight_decay", [&] { O::SGD({p}, O::SGDOptions(1).weight_decay(-0.5)); });
  r.error("sgd nesterov", [&] { O::SGD({p}, O::SGDOptions(1).nesterov(true)); });
  r.error("adam lr", [&] { O::Adam({p}, O::AdamOptions(-1)); });
  r.error("adam eps", [&] { O::Adam({p}, O::AdamOptions().eps(-1)); });
  r.error("adam beta1", [&] { O::Adam({p}, O::AdamOptions().betas({1.0, 0.5})); });
  r.error("adam beta2", [&] { O::Adam({p}, O::AdamOptions().betas({0.5, -0.5})); });
  r.error("adam weight_decay", [&] { O::Adam({p}, O::AdamOptions().weight_decay(-1)); });
  r.error("adamw lr", [&] { O::AdamW({p}, O::AdamWOptions(-1)); });
  r.error("adamw eps", [&] { O::AdamW({p}, O::AdamWOptions().eps(-1)); });
  r.error("adamw beta1", [&] { O::AdamW({p}, O::AdamWOptions().betas({1.0, 0.5})); });
  r.error("adamw weight_decay", [&] { O::AdamW({p}, O::AdamWOptions().weight_decay(-1)); });
  r.error("adagrad lr", [&] { O::Adagrad({p}, O::AdagradOptions(-1)); });
  r.error("adagrad lr_decay", [&] { O::Adagrad({p}, O::AdagradOptions().lr_decay(-1)); });
  r.error("adagrad weight_decay", [&] { O::Adagrad({p}, O::AdagradOptions().weight_decay(-1)); });
  r.error("adagrad initial",
          [&] { O::Adagrad({p}, O::AdagradOptions().initial_accumulator_value(-1)); });
  r.error("adagrad eps", [&] { O::Adagrad({p}, O::AdagradOptions().eps(-1)); });
  r.error("rmsprop lr", [&] { O::RMSprop({p}, O::RMSpropOptions(-1)); });
  r.error("rmsprop eps", [&] { O::RMSprop({p}, O::RMSpropOptions().eps(-1)); });
  r.error("rmsprop momentum", [&] { O::RMSprop({p}, O::RMSpropOptions().momentum(-1)); });
  r.error("rmsprop weight_decay", [&] { O::RMSprop({p}, O::RMSpropOptions().weight_decay(-1)); });
  r.error("rmsprop alpha", [&] { O::RMSprop({p}, O::RMSpropOptions().alpha(-1)); });
  const auto closure = [&] {
    p.mutable_grad() = torch::ones({2});
    return p.sum();
  };
  O::LBFGS lbfgs({p}, O::LBFGSOptions().line_search_fn("armijo"));
  r.error("lbfgs search", [&] { lbfgs.step(closure); });
  r.error("lbfgs closure", [&] { lbfgs.step(nullptr); });
  std::vector<Group> two;
  two.emplace_back(std::vector<Tensor>{p});
  two.emplace_back(std::vector<Tensor>{q});
  r.error("lbfgs groups", [&] { O::LBFGS(two, O::LBFGSOptions()); });
  r.error("lbfgs no groups", [&] { O::LBFGS(std::vector<Group>{}); });
  O::Adam adam({p});
  p.mutable_grad() = torch::ones({2});
  adam.step();
  r.error("group twice", [&] { adam.add_param_group(Group({q, p})); });
  r.error("no options", [&] { Group({p}).options(); });

  struct MyOptions : O::OptimizerCloneableOptions<MyOptions> {};
  struct BareOptions : O::OptimizerOptions {};
  struct BareState : O::OptimizerParamState {};
  r.error("get_lr", [] { MyOptions().get_lr(); });
  r.error("set_lr", [] { MyOptions().set_lr(1); });
  r.error("clone options", [] { BareOptions().clone(); });
  r.error("clone state", [] { BareState().clone(); });
  struct NoRates : O::LRScheduler {
    using LRScheduler::LRScheduler;
    std::vector<double> get_lrs() override { return {}; }
  };
  NoRates schedule(adam);
  r.error("rates", [&] { schedule.step(); });
}
