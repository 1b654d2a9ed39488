#include "taper/optim/lbfgs.h"

#include <algorithm>
#include <cmath>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/optim/dense.h"
#include "taper/optim/strong_wolfe.h"
#include "taper/tensor/error.h"
#include "taper/tensor/raw/core.h"

namespace taper::optim {
namespace {

constexpr const char* kOneGroup = "LBFGS doesn't support per-parameter options (parameter groups)";

double value_of(const Tensor& x) { return x.item<double>(); }

double largest(const Tensor& x) { return value_of(x.abs().max()); }

// -H g by the two loops over the history, newest first and oldest first.
Tensor quasi_newton_direction(const Tensor& grad, LBFGSParamState& state) {
  const std::deque<Tensor>& y = state.old_dirs();
  const std::deque<Tensor>& s = state.old_stps();
  const std::deque<Tensor>& ro = state.ro();
  std::vector<Tensor>& al = state.al().emplace(y.size());
  Tensor q = grad.neg();
  for (size_t i = y.size(); i-- > 0;) {
    al[i] = s[i].dot(q) * ro[i];
    q.add_(y[i], -value_of(al[i]));
  }
  Tensor r = q.mul_(state.H_diag());
  for (size_t i = 0; i < y.size(); ++i) {
    const Tensor be = y[i].dot(r) * ro[i];
    r.add_(s[i], value_of(al[i] - be));
  }
  return r;
}

// Takes the last move and what it did to the gradient into the history, if the curvature along it
// is positive.
void remember_move(const Tensor& grad, int64_t history_size, LBFGSParamState& state) {
  const Tensor y = grad.sub(state.prev_flat_grad());
  const Tensor s = state.d().mul(state.t());
  const Tensor ys = y.dot(s);
  if (!(value_of(ys) > 1e-10)) return;
  while (static_cast<int64_t>(state.old_dirs().size()) >= history_size) {
    state.old_dirs().pop_front();
    state.old_stps().pop_front();
    state.ro().pop_front();
  }
  state.old_dirs().push_back(y);
  state.old_stps().push_back(s);
  state.ro().push_back(1.0 / ys);
  state.H_diag(ys / y.dot(y));
}

}  // namespace

LBFGSOptions::LBFGSOptions(double lr) : lr_(lr) {}

void LBFGSOptions::visit(FieldVisitor& visitor) {
  visitor.field("lr", lr_);
  visitor.field("max_iter", max_iter_);
  visitor.field("max_eval", max_eval_);
  visitor.field("tolerance_grad", tolerance_grad_);
  visitor.field("tolerance_change", tolerance_change_);
  visitor.field("history_size", history_size_);
  visitor.field("line_search_fn", line_search_fn_);
}

void LBFGSOptions::check() const {
  TAPER_CHECK(history_size_ > 0, "Invalid history_size value: ", history_size_);
}

LBFGSParamState::LBFGSParamState() = default;
LBFGSParamState::LBFGSParamState(const LBFGSParamState&) = default;
LBFGSParamState& LBFGSParamState::operator=(const LBFGSParamState&) = default;
LBFGSParamState::~LBFGSParamState() = default;
TAPER_ARG_DEFINE(LBFGSParamState, std::deque<Tensor>, old_dirs)
TAPER_ARG_DEFINE(LBFGSParamState, std::deque<Tensor>, old_stps)
TAPER_ARG_DEFINE(LBFGSParamState, std::deque<Tensor>, ro)

void LBFGSParamState::visit(FieldVisitor& visitor) {
  visitor.field("func_evals", func_evals_);
  visitor.field("n_iter", n_iter_);
  visitor.field("t", t_);
  visitor.field("prev_loss", prev_loss_);
  visitor.field("d", d_);
  visitor.field("H_diag", H_diag_);
  visitor.field("prev_flat_grad", prev_flat_grad_);
  visitor.field("old_dirs", old_dirs_);
  visitor.field("old_stps", old_stps_);
  visitor.field("ro", ro_);
}

bool operator==(const LBFGSParamState& a, const LBFGSParamState& b) {
  const auto all_same = [](const auto& x, const auto& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), detail::same);
  };
  return a.func_evals_ == b.func_evals_ && a.n_iter_ == b.n_iter_ && a.t_ == b.t_ &&
         a.prev_loss_ == b.prev_loss_ && detail::same(a.d_, b.d_) &&
         detail::same(a.H_diag_, b.H_diag_) && detail::same(a.prev_flat_grad_, b.prev_flat_grad_) &&
         all_same(a.old_dirs_, b.old_dirs_) && all_same(a.old_stps_, b.old_stps_) &&
         all_same(a.ro_, b.ro_) && a.al_.has_value() == b.al_.has_value() &&
         (!a.al_ || all_same(*a.al_, *b.al_));
}

LBFGS::LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<LBFGSOptions>(defaults)) {
  TAPER_CHECK(param_groups_.size() == 1, kOneGroup);
  for (auto* options : {&options_of<LBFGSOptions>(param_groups_.front()),
                        static_cast<LBFGSOptions*>(defaults_.get())}) {
    if (!options->max_eval()) options->max_eval(options->max_iter() * 5 / 4);
  }
}

LBFGS::LBFGS(std::vector<Tensor> params, LBFGSOptions defaults)
    : LBFGS(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))},
            std::move(defaults)) {}

Tensor LBFGS::flat_grad() const {
  std::vector<Tensor> parts;
  parts.reserve(params().size());
  for (const Tensor& p : params()) {
    parts.push_back(p.grad().defined() ? p.grad().detach().reshape({-1})
                                       : raw::zeros({p.numel()}, p.scalar_type()));
  }
  return cat(parts, 0);
}

void LBFGS::move(double step, const Tensor& direction) {
  int64_t offset = 0;
  for (Tensor p : params()) {
    p.add_(direction.narrow(0, offset, p.numel()).view(p.sizes()), step);
    offset += p.numel();
  }
}

std::vector<Tensor> LBFGS::copy_of_params() const {
  std::vector<Tensor> copies;
  copies.reserve(params().size());
  for (const Tensor& p : params()) copies.push_back(raw::clone(p));
  return copies;
}

void LBFGS::restore(const std::vector<Tensor>& values) {
  for (size_t i = 0; i < values.size(); ++i) Tensor(params()[i]).copy_(values[i]);
}

std::pair<double, Tensor> LBFGS::evaluate_at(const LossClosure& closure,
                                             const std::vector<Tensor>& params, double step,
                                             const Tensor& direction) {
  move(step, direction);
  const double loss = value_of(evaluate(closure));
  Tensor grad = flat_grad();
  // Not by moving back, which would round.
  restore(params);
  return {loss, std::move(grad)};
}

Tensor LBFGS::step(LossClosure closure) {
  TAPER_CHECK(closure != nullptr, "LBFGS requires a closure function");
  TAPER_CHECK(param_groups_.size() == 1, kOneGroup);
  const NoGradGuard no_grad;
  const auto& options = options_of<LBFGSOptions>(param_groups_.front());
  TAPER_CHECK(!options.line_search_fn() || *options.line_search_fn() == "strong_wolfe",
              "only 'strong_wolfe' is supported");
  TAPER_CHECK(!params().empty(), "LBFGS: there are no parameters to optimize");
  const double lr = options.lr();
  const double tolerance_grad = options.tolerance_grad();
  const double tolerance_change = options.tolerance_change();
  const int64_t max_iter = options.max_iter();
  const int64_t max_eval = options.max_eval().value_or(max_iter * 5 / 4);
  auto& state = state_of<LBFGSParamState>(params().front());

  const Tensor first_loss = evaluate(closure);
  double loss = value_of(first_loss);
  int64_t evals = 1;
  state.func_evals(state.func_evals() + 1);
  Tensor grad = flat_grad();
  if (largest(grad) <= tolerance_grad) return first_loss;

  for (int64_t n_iter = 1; n_iter <= max_iter; ++n_iter) {
    state.n_iter(state.n_iter() + 1);
    const bool is_first = state.n_iter() == 1;
    if (is_first) {
      state.d(grad.neg());
      state.H_diag(raw::full({}, 1, grad.scalar_type()));
      state.old_dirs().clear();
      state.old_stps().clear();
      state.ro().clear();
    } else {
      remember_move(grad, options.history_size(), state);
      state.d(quasi_newton_direction(grad, state));
    }
    state.prev_flat_grad(grad);
    state.prev_loss(loss);
    state.t(is_first ? std::min(1.0, 1.0 / value_of(grad.abs().sum())) * lr : lr);

    const double slope = value_of(grad.dot(state.d()));
    if (slope > -tolerance_change) break;

    int64_t new_evals = 0;
    bool is_flat = false;
    if (options.line_search_fn()) {
      const std::vector<Tensor> start = copy_of_params();
      const auto at = [&](double t) { return evaluate_at(closure, start, t, state.d()); };
      detail::LineSearchResult found =
          detail::strong_wolfe(at, state.t(), state.d(), loss, grad, slope);
      loss = found.loss;
      grad = std::move(found.grad);
      state.t(found.step);
      new_evals = found.evaluations;
      move(state.t(), state.d());
      is_flat = largest(grad) <= tolerance_grad;
    } else {
      move(state.t(), state.d());
      // After the last move there is nobody to use the gradient.
      if (n_iter != max_iter) {
        loss = value_of(evaluate(closure));
        grad = flat_grad();
        is_flat = largest(grad) <= tolerance_grad;
        new_evals = 1;
      }
    }
    evals += new_evals;
    state.func_evals(state.func_evals() + new_evals);

    if (evals >= max_eval || is_flat) break;
    if (largest(state.d().mul(state.t())) <= tolerance_change) break;
    if (std::abs(loss - state.prev_loss()) < tolerance_change) break;
  }
  return first_loss;
}

std::unique_ptr<OptimizerParamState> LBFGS::make_state() const {
  return std::make_unique<LBFGSParamState>();
}

void LBFGS::check_state(const OptimizerParamState& state, const Tensor&) const {
  const auto& own = static_cast<const LBFGSParamState&>(state);
  int64_t n = 0;
  for (const Tensor& p : params()) n += p.numel();
  const auto check = [](const char* field, const Tensor& tensor, IntArrayRef sizes) {
    TAPER_CHECK(!tensor.defined() || tensor.sizes() == sizes, "LBFGS: the state's ", field, " is ",
                tensor.sizes(), ", expected ", sizes);
  };
  check("d", own.d(), {n});
  check("H_diag", own.H_diag(), {});
  check("prev_flat_grad", own.prev_flat_grad(), {n});
  for (const Tensor& y : own.old_dirs()) check("old_dirs", y, {n});
  for (const Tensor& s : own.old_stps()) check("old_stps", s, {n});
  for (const Tensor& ro : own.ro()) check("ro", ro, {});
  TAPER_CHECK(
      own.old_dirs().size() == own.old_stps().size() && own.old_dirs().size() == own.ro().size(),
      "LBFGS: the state's history has ", own.old_dirs().size(), " old_dirs, ",
      own.old_stps().size(), " old_stps and ", own.ro().size(), " ro");
  TAPER_CHECK(own.n_iter() == 0 ||
                  (own.d().defined() && own.H_diag().defined() && own.prev_flat_grad().defined()),
              "LBFGS: the state lacks d, H_diag or prev_flat_grad");
}

}  // namespace taper::optim
