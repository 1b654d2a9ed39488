#include "taper/optim/strong_wolfe.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace taper::optim::detail {
namespace {

constexpr double kSufficientDecrease = 1e-4;
constexpr double kCurvature = 0.9;
constexpr double kToleranceChange = 1e-9;
constexpr int kMaxEvaluations = 25;

struct Point {
  double step;
  double loss;
  Tensor grad;
  double slope;
};

// Where the cubic through two points with their slopes has its minimum, within [low, high].
double cubic_minimum(const Point& a, const Point& b, double low, double high) {
  const double d1 = (a.slope + b.slope) - (3 * (a.loss - b.loss) / (a.step - b.step));
  const double square = std::pow(d1, 2) - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double d2 = std::sqrt(square);
  const double minimum =
      a.step <= b.step
          ? b.step - ((b.step - a.step) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)))
          : a.step - ((a.step - b.step) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2)));
  return std::min(std::max(minimum, low), high);
}

}  // namespace

LineSearchResult strong_wolfe(const AlongDirection& evaluate, double step, const Tensor& direction,
                              double loss, const Tensor& grad, double slope) {
  const double longest = direction.abs().max().item<double>();
  int64_t evaluations = 0;
  const auto point_at = [&](double t) {
    auto [f, g] = evaluate(t);
    ++evaluations;
    const double s = g.dot(direction).item<double>();
    return Point{t, f, std::move(g), s};
  };
  const auto is_too_high = [&](const Point& p) {
    return p.loss > loss + kSufficientDecrease * p.step * slope;
  };
  const auto is_flat_enough = [&](const Point& p) {
    return std::abs(p.slope) <= -kCurvature * slope;
  };

  const Point start{0, loss, grad.clone(), slope};
  Point previous = start;
  Point current = point_at(step);
  int iteration = 0;
  // Widen until a minimum lies between the last two points.
  for (; iteration < kMaxEvaluations; ++iteration) {
    if (is_too_high(current) || (iteration > 1 && current.loss >= previous.loss)) break;
    if (is_flat_enough(current)) {
      return {current.loss, current.grad, current.step, evaluations};
    }
    if (current.slope >= 0) break;
    const double low = current.step + 0.01 * (current.step - previous.step);
    const double high = current.step * 10;
    const double next = cubic_minimum(previous, current, low, high);
    previous = std::exchange(current, point_at(next));
  }
  Point bracket[2] = {iteration == kMaxEvaluations ? start : previous, current};

  // Narrow down. `low` is the end with the lower loss.
  int low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
  bool progress_was_small = false;
  while (iteration < kMaxEvaluations) {
    const auto [left, right] = std::minmax({bracket[0].step, bracket[1].step});
    if ((right - left) * longest < kToleranceChange) break;
    double t = cubic_minimum(bracket[0], bracket[1], left, right);
    // A point close to an end twice in a row, or on it, is moved inside by a tenth.
    const double tenth = 0.1 * (right - left);
    if (std::min(right - t, t - left) < tenth) {
      if (progress_was_small || t >= right || t <= left) {
        t = std::abs(t - right) < std::abs(t - left) ? right - tenth : left + tenth;
        progress_was_small = false;
      } else {
        progress_was_small = true;
      }
    } else {
      progress_was_small = false;
    }
    Point next = point_at(t);
    ++iteration;
    const int high = 1 - low;
    if (is_too_high(next) || next.loss >= bracket[low].loss) {
      bracket[high] = std::move(next);
      low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
      continue;
    }
    const bool done = is_flat_enough(next);
    if (!done && next.slope * (bracket[high].step - bracket[low].step) >= 0) {
      bracket[high] = bracket[low];
    }
    bracket[low] = std::move(next);
    if (done) break;
  }
  const Point& best = bracket[low];
  return {best.loss, best.grad, best.step, evaluations};
}

}  // namespace taper::optim::detail
