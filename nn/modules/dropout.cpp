#include "taper/nn/modules/dropout.h"

#include <ostream>

#include "taper/nn/functional.h"

namespace taper::nn {

template class Cloneable<DropoutImpl>;

DropoutImpl::DropoutImpl(const DropoutOptions& options) : options(options) { DropoutImpl::reset(); }

void DropoutImpl::reset() {
  TAPER_CHECK(options.p() >= 0 && options.p() <= 1,
              "dropout probability has to be between 0 and 1, but got ", options.p());
}

void DropoutImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Dropout(p=" << options.p()
         << ", inplace=" << (options.inplace() ? "true" : "false") << ')';
}

Tensor DropoutImpl::forward(Tensor input) {
  return functional::dropout(std::move(input), functional::DropoutFuncOptions()
                                                   .p(options.p())
                                                   .training(is_training())
                                                   .inplace(options.inplace()));
}

}  // namespace taper::nn
