#pragma once

#include <functional>
#include <utility>

#include "taper/nn/module.h"

namespace taper::nn {

// A function as a module, for a Sequential (torch::nn::Functional): Functional(relu), or
// Functional(leaky_relu, 0.5) with the arguments that come after the input. A function with
// several signatures has to be named with its type.
class FunctionalImpl : public Cloneable<FunctionalImpl> {
 public:
  using Function = std::function<Tensor(Tensor)>;

  explicit FunctionalImpl(Function function);
  template <class F, class... Args, class = std::enable_if_t<(sizeof...(Args) > 0)>>
  explicit FunctionalImpl(F function, Args&&... args)
      : function_(std::bind(function, std::placeholders::_1, std::forward<Args>(args)...)) {}

  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  bool is_serializable() const override { return false; }

  Tensor forward(Tensor input);
  Tensor operator()(Tensor input);

 private:
  Function function_;
};
TAPER_MODULE(Functional);

// Instantiated in the source, once for all users.
extern template class Cloneable<FunctionalImpl>;

}  // namespace taper::nn
