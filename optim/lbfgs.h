#pragma once

#include <deque>
#include <optional>
#include <string>

#include "taper/optim/optimizer.h"

namespace taper::optim {

struct LBFGSOptions : public OptionsWithRate<LBFGSOptions> {
  LBFGSOptions(double lr = 1);
  TAPER_ARG(double, lr) = 1;
  TAPER_ARG(int64_t, max_iter) = 20;
  TAPER_ARG(std::optional<int64_t>, max_eval) = std::nullopt;  // max_iter * 5 / 4
  TAPER_ARG(double, tolerance_grad) = 1e-7;
  TAPER_ARG(double, tolerance_change) = 1e-9;
  TAPER_ARG(int64_t, history_size) = 100;
  TAPER_ARG(std::optional<std::string>, line_search_fn) = std::nullopt;  // or "strong_wolfe"

 public:
  void visit(FieldVisitor& visitor) override;
  void check() const override;
};

// All parameters together are one vector of N elements; its state is that of the first parameter.
struct LBFGSParamState : public OptimizerCloneableParamState<LBFGSParamState> {
  LBFGSParamState();
  LBFGSParamState(const LBFGSParamState&);
  LBFGSParamState& operator=(const LBFGSParamState&);
  ~LBFGSParamState() override;
  TAPER_ARG(int64_t, func_evals) = 0;
  TAPER_ARG(int64_t, n_iter) = 0;
  TAPER_ARG(double, t) = 0;  // the last step's length
  TAPER_ARG(double, prev_loss) = 0;
  TAPER_ARG(Tensor, d);                             // [N] the last direction
  TAPER_ARG(Tensor, H_diag);                        // [] scale of the first inverse Hessian
  TAPER_ARG(Tensor, prev_flat_grad);                // [N]
  TAPER_ARG_DECLARE(std::deque<Tensor>, old_dirs);  // [N] each: changes of the gradient
  TAPER_ARG_DECLARE(std::deque<Tensor>, old_stps);  // [N] each: steps that led to them
  TAPER_ARG_DECLARE(std::deque<Tensor>, ro);        // [] each: 1 / (old_dirs . old_stps)
  // [] each: what the first loop over the history left for the second; not saved, each iteration
  // makes it anew.
  TAPER_ARG(std::optional<std::vector<Tensor>>, al) = std::nullopt;

 public:
  void visit(FieldVisitor& visitor) override;
  friend bool operator==(const LBFGSParamState& a, const LBFGSParamState& b);
};

// Limited-memory BFGS (torch::optim::LBFGS; Nocedal and Wright, Numerical Optimization, 7.2): each
// step() makes up to max_iter moves along -H g, H being the inverse Hessian that the last
// history_size changes of the gradient tell, by lr (the first move by lr * min(1, 1 / |g|_1)) or as
// far as a line search with the strong Wolfe conditions says. Needs the closure, which it evaluates
// up to max_eval times, and a single parameter group.
class LBFGS : public Optimizer {
 public:
  explicit LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults = {});
  explicit LBFGS(std::vector<Tensor> params, LBFGSOptions defaults = {});

  // Returns the closure's first loss.
  Tensor step(LossClosure closure) override;
  std::string name() const override { return "LBFGS"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;

 private:
  const std::vector<Tensor>& params() const { return param_groups_.front().params(); }
  Tensor flat_grad() const;                         // [N]
  void move(double step, const Tensor& direction);  // parameters += step * direction [N]
  std::vector<Tensor> copy_of_params() const;
  void restore(const std::vector<Tensor>& values);
  // Loss and gradient at parameters + step * direction; the parameters are left as they were.
  std::pair<double, Tensor> evaluate_at(const LossClosure& closure,
                                        const std::vector<Tensor>& params, double step,
                                        const Tensor& direction);
};

}  // namespace taper::optim
