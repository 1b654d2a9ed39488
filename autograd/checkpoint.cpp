#include "taper/autograd/checkpoint.h"

#include <mutex>
#include <optional>
#include <string>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/saved_tensor_hooks.h"
#include "taper/tensor/generator.h"
#include "taper/tensor/raw/core.h"

namespace taper::autograd::internal {
namespace {

uint32_t version_of(const Tensor& x) { return x.unsafeGetTensorImpl()->version().current(); }

// The default generator at an earlier state, for a scope.
class RandomStateGuard {
 public:
  explicit RandomStateGuard(const Tensor& state)
      : before_(detail::default_cpu_generator().get_state()) {
    detail::default_cpu_generator().set_state(state);
  }
  ~RandomStateGuard() { detail::default_cpu_generator().set_state(before_); }
  RandomStateGuard(const RandomStateGuard&) = delete;
  RandomStateGuard& operator=(const RandomStateGuard&) = delete;

 private:
  Tensor before_;
};

// One checkpointed call. Its backward nodes keep, in the place of each tensor, a Ticket: the number
// of that tensor among all that were saved. The first one that is read runs the call again, which
// saves the same tensors in the same order.
class Segment : public std::enable_shared_from_this<Segment> {
 public:
  Segment(ListFunction fn, const variable_list& inputs, const CheckpointOptions& options)
      : fn_(std::move(fn)), inputs_(inputs) {
    for (const Tensor& x : inputs_) versions_.push_back(x.defined() ? version_of(x) : 0);
    if (options.preserve_rng_state) random_state_ = detail::default_cpu_generator().get_state();
  }

  // The first run, on the tape.
  variable_list run() {
    const SavedTensorHooks hooks([this](const Tensor& x) { return issue(x); },
                                 [](const std::shared_ptr<Ticket>& ticket) {
                                   return ticket->segment->read(ticket->number);
                                 });
    variable_list outputs = fn_(inputs_);
    complete_ = true;
    return outputs;
  }

 private:
  struct Ticket {
    Ticket(std::shared_ptr<Segment> segment_, size_t number_)
        : segment(std::move(segment_)), number(number_) {}
    ~Ticket() { segment->drop(number); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    std::shared_ptr<Segment> segment;
    size_t number;
  };

  struct Saved {
    DimVector sizes;
    ScalarType dtype;
    uint32_t version;     // at its saving, the same in each run
    bool awaited = true;  // whether its ticket is still there
    Tensor value = {};    // once it was computed again
  };

  std::shared_ptr<Ticket> issue(const Tensor& x) {
    saved_.push_back({x.sizes(), x.scalar_type(), version_of(x)});
    return std::make_shared<Ticket>(shared_from_this(), saved_.size() - 1);
  }

  void drop(size_t number) {
    const std::lock_guard lock(mutex_);
    saved_[number].awaited = false;
    saved_[number].value = Tensor();
  }

  Tensor read(size_t number) {
    const std::lock_guard lock(mutex_);
    Saved& saved = saved_[number];
    if (!saved.value.defined()) run_again();
    TAPER_CHECK(version_of(saved.value) == saved.version, modified(saved), " is at version ",
                version_of(saved.value), "; expected version ", saved.version, " instead.");
    return saved.value;
  }

  static std::string modified(const Saved& saved) {
    return std::string(
               "one of the variables needed for gradient computation has been modified by an "
               "inplace operation: [CPU") +
           to_string(saved.dtype) + "Type]";
  }

  void run_again() {
    // The new graph begins at these: the old one stays as it is.
    variable_list inputs;
    for (size_t i = 0; i < inputs_.size(); ++i) {
      const Tensor& x = inputs_[i];
      TAPER_CHECK(!x.defined() || version_of(x) == versions_[i], "autograd::checkpoint: input ", i,
                  " has been modified by an inplace operation: it is at version ", version_of(x),
                  "; expected version ", versions_[i], " instead.");
      inputs.push_back(x.defined() ? x.detach().requires_grad_(x.requires_grad()) : x);
    }
    size_t count = 0;
    {
      const InferenceMode recorded(false);
      const std::optional<RandomStateGuard> random =
          random_state_.defined() ? std::optional<RandomStateGuard>(std::in_place, random_state_)
                                  : std::nullopt;
      // A backward within fn reads what it has just saved.
      const SavedTensorHooks hooks(
          [&](const Tensor& x) {
            accept(x, count++);
            return x;
          },
          [](const Tensor& x) { return x; });
      fn_(inputs);
    }
    // Not all were saved yet where fn itself runs a backward, in the first run.
    TAPER_CHECK(count == saved_.size() || (!complete_ && count > saved_.size()),
                "autograd::checkpoint: A different number of tensors was saved during the original "
                "forward and recomputation.\nNumber of tensors saved during forward: ",
                saved_.size(), "\nNumber of tensors saved during recomputation: ", count);
  }

  void accept(const Tensor& x, size_t number) {
    if (number >= saved_.size()) return;
    Saved& saved = saved_[number];
    TAPER_CHECK(x.sizes() == IntArrayRef(saved.sizes) && x.scalar_type() == saved.dtype,
                "autograd::checkpoint: Recomputed values for the following tensors have different "
                "metadata than during the forward pass.\ntensor at position ",
                number, ":\nsaved metadata: ", saved.dtype, " ", IntArrayRef(saved.sizes),
                "\nrecomputed metadata: ", x.scalar_type(), " ", x.sizes());
    TAPER_CHECK(version_of(x) == saved.version, modified(saved),
                " between a checkpoint and its "
                "backward: it is at version ",
                version_of(x), "; expected version ", saved.version, " instead.");
    if (saved.awaited) saved.value = x;
  }

  ListFunction fn_;
  variable_list inputs_;
  std::vector<uint32_t> versions_;
  Tensor random_state_;
  // Of threads that run backward through one graph, and of what a second run lets go.
  std::recursive_mutex mutex_;
  std::vector<Saved> saved_;
  bool complete_ = false;
};

}  // namespace

variable_list checkpoint(ListFunction fn, const variable_list& inputs,
                         const CheckpointOptions& options) {
  if (!GradMode::is_enabled()) return fn(inputs);
  return std::make_shared<Segment>(std::move(fn), inputs, options)->run();
}

}  // namespace taper::autograd::internal
