// Names that the other programs have no use for: options of functions, losses as modules, choices,
// kinds of errors, an optimizer of one's own.
#include <memory>
#include <vector>

#include "parity/parity.h"

namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::Tensor;

// Steps of one size against the gradient's sign.
struct SignOptions : torch::optim::OptimizerCloneableOptions<SignOptions> {
  SignOptions(double lr) : lr_(lr) {}
  TORCH_ARG(double, lr);
};
struct SignState : torch::optim::OptimizerCloneableParamState<SignState> {
  TORCH_ARG(int64_t, steps) = 0;
};
class SignDescent : public torch::optim::Optimizer {
 public:
  SignDescent(std::vector<Tensor> params, SignOptions defaults)
      : Optimizer({torch::optim::OptimizerParamGroup(std::move(params))},
                  std::make_unique<SignOptions>(defaults)) {}
  Tensor step(LossClosure closure = nullptr) override {
    torch::NoGradGuard no_grad;
    for (auto& group : param_groups()) {
      const auto& options = static_cast<SignOptions&>(group.options());
      for (auto& p : group.params()) {
        if (p.grad().defined()) p.sub_(p.grad().sign(), options.lr());
      }
    }
    return closure == nullptr ? Tensor() : closure();
  }
};

template <class E, class F2>
bool throws_a(F2 misuse) {
  try {
    misuse();
  } catch (const E&) {
    return true;
  }
  return false;
}

}  // namespace

PARITY_PROGRAM(function_options) {
  const Tensor x = torch::tensor({{-1.5, 0.25, 2.0}, {0.5, -0.75, 3.0}});
  r.value("relu", F::relu(x.clone(), F::ReLUFuncOptions().inplace(true)));
  r.value("leaky relu", F::leaky_relu(x, F::LeakyReLUFuncOptions().negative_slope(0.3)));
  r.value("softmax", F::softmax(x, F::SoftmaxFuncOptions(1).dtype(torch::kFloat64)));
  r.value("log softmax", F::log_softmax(x, F::LogSoftmaxFuncOptions(0)));
  r.value("softmax layer", nn::Softmax(nn::SoftmaxOptions(0))(x));
  r.value("log softmax layer", nn::LogSoftmax(nn::LogSoftmaxOptions(1))(x));
  r.draw("dropout layer", nn::Dropout(nn::DropoutOptions().p(0.4))(torch::ones({30})));
  r.draw("dropout", F::dropout(torch::ones({30}), F::DropoutFuncOptions().p(0.6)));
  const Tensor table = torch::arange(12, torch::kFloat32).view({4, 3});
  const Tensor rows = torch::tensor({2, 0, 2});
  r.value("embedding", F::embedding(rows, table, F::EmbeddingFuncOptions().padding_idx(-1)));
  r.value("from_pretrained", nn::Embedding::from_pretrained(
                                 table, nn::EmbeddingFromPretrainedOptions().freeze(true))(rows));
  r.value("one_hot", F::one_hot(rows, 5));
  r.value("relu layer", nn::ReLU(nn::ReLUOptions().inplace(false))(x));
  const Tensor p = x.sigmoid(), t = torch::full({2, 3}, 0.25);
  r.value("l1 loss", F::l1_loss(x, t, F::L1LossFuncOptions(torch::kSum)));
  r.value("l1", nn::L1Loss(nn::L1LossOptions(torch::kMean))(x, t));
  r.value("bce", nn::BCELoss(nn::BCELossOptions().reduction(torch::kNone))(p, t));
  r.value("bce with logits",
          nn::BCEWithLogitsLoss(nn::BCEWithLogitsLossOptions().reduction(torch::kSum))(x, t));
  r.value("nll", nn::NLLLoss(nn::NLLLossOptions().ignore_index(1))(x.log_softmax(1),
                                                                   torch::tensor({0, 1})));
  for (const auto& gain :
       {nn::init::calculate_gain(torch::kConv1D), nn::init::calculate_gain(torch::kConv3D),
        nn::init::calculate_gain(torch::kConvTranspose1D),
        nn::init::calculate_gain(torch::kConvTranspose2D),
        nn::init::calculate_gain(torch::kConvTranspose3D)}) {
    r.print(c10::str("gain ", gain), gain);
    break;
  }
  r.draw("fan in", nn::init::kaiming_uniform_(torch::empty({3, 4}), 0, torch::kFanIn));
  r.text("enum", torch::enumtype::get_enum_name(F::MSELossFuncOptions(torch::kMean).reduction()));
  using Base = nn::detail::RNNOptionsBase;
  for (const Base& options : {Base(torch::kGRU, 2, 3), Base(torch::kLSTM, 2, 3),
                              Base(torch::kRNN_TANH, 2, 3), Base(torch::kRNN_RELU, 2, 3)}) {
    r.print(c10::str("base ", torch::enumtype::get_enum_name(options.mode())),
            options.hidden_size());
  }
}

PARITY_PROGRAM(types_and_errors) {
  r.print("device type", c10::DeviceType::CPU);
  r.print("device index", int{c10::DeviceIndex{1}});
  r.print("layout", c10::Layout::Strided);
  r.print("memory format", torch::ones({2, 2}).is_contiguous(c10::MemoryFormat::Contiguous));
  r.print("type of", c10::CppTypeToScalarType<double>::value);
  r.print("type meta", c10::scalarTypeToTypeMeta(c10::kByte));
  r.print("scalar type", c10::typeMetaToScalarType(torch::ones({1}).dtype()));
  const c10::optional<int> seven = c10::make_optional(7);
  const c10::nullopt_t nothing = c10::nullopt;
  r.print("optional", c10::str(*seven, c10::optional<int>(nothing).has_value()));
  r.print("view", c10::string_view("text").size());
  const torch::TensorOptions wanted(c10::kDouble);
  r.value("double", torch::ones({1}, wanted));
  r.value("int", torch::ones({1}, c10::kInt));
  const c10::Storage storage = torch::ones({3}).storage();
  r.print("storage", storage.nbytes());
  const std::vector<Tensor> tensors = {torch::ones({1}), torch::zeros({2})};
  const at::TensorList list(tensors);
  r.print("list", list.size());
  const Tensor grid = torch::arange(6, torch::kFloat32).view({2, 3});
  const at::TensorAccessor<float, 2> accessor = grid.accessor<float, 2>();
  r.print("accessor", c10::str(accessor[1][0], accessor.size(1), accessor.stride(0)));
  const std::vector<int64_t> columns = {1};
  const at::OptionalIntArrayRef dims((at::IntArrayRef(columns)));
  r.value("sum", grid.sum(dims));
  r.print("grad mode", torch::GradMode::is_enabled());
  {
    torch::AutoGradMode off(false);
    r.print("grad mode off", at::GradMode::is_enabled());
  }
  r.print("index error", throws_a<c10::IndexError>([&] { grid[5]; }));
  r.print("error", throws_a<c10::Error>([&] { grid.mm(grid); }));
  r.print("value error", throws_a<c10::ValueError>([] { TORCH_CHECK_VALUE(false, "v"); }));
  r.print("type error", throws_a<c10::TypeError>([] { TORCH_CHECK_TYPE(false, "t"); }));
  r.print("not implemented",
          throws_a<c10::NotImplementedError>([] { TORCH_CHECK_NOT_IMPLEMENTED(false, "n"); }));
  r.print("linalg", throws_a<c10::LinAlgError>([] { TORCH_CHECK_LINALG(false, "l"); }));
  r.print("memory",
          throws_a<c10::OutOfMemoryError>([] { throw c10::OutOfMemoryError("none left", ""); }));
  r.error("at error", [] { AT_ERROR("wrong by ", 3); });
  r.print("assert", throws_a<c10::Error>([] { AT_ASSERT(1 > 2); }));
  r.print("assert with text", throws_a<c10::Error>([] { TORCH_INTERNAL_ASSERT(false, "why"); }));
  TORCH_WARN_ONCE("a warning that is meant to stand here");
}

PARITY_PROGRAM(handles) {
  Tensor x = torch::ones({2, 2}, torch::requires_grad());
  Tensor y = x;
  r.print("use_count", x.use_count());
  y.reset();
  r.print("use_count after", x.use_count());
  r.print("get_device", x.get_device());
  x.set_requires_grad(false);
  r.print("requires_grad", x.requires_grad());
  x.requires_grad_();
  const Tensor z = x * 3;
  z.retain_grad();
  r.print("retains_grad", z.retains_grad());
  r.print("variable_data", x.variable_data().requires_grad());
  Tensor detached = z.clone();
  detached.detach_();
  r.print("detached", detached.is_leaf());
}

PARITY_PROGRAM(own_optimizer) {
  Tensor x = torch::linspace(-1, 1, 6, torch::kFloat64).requires_grad_();
  SignDescent descent({x}, SignOptions(0.05));
  for (int step = 0; step < 8; ++step) {
    descent.zero_grad();
    (x * x).sum().backward();
    descent.step();
    r.loss(c10::str("x ", step), x.detach());
  }
  r.print("steps", SignState().steps(4).steps());
  r.print("rate", static_cast<SignOptions&>(descent.defaults()).lr());
  r.print("size", descent.size());
}

PARITY_PROGRAM(in_place_forms) {
  const Tensor base = torch::tensor({{0.25, 0.5, 0.9}, {0.1, 0.75, 0.3}}, torch::kFloat64);
#define IN_PLACE(method)                         \
  {                                              \
    Tensor leaf = base.clone().requires_grad_(); \
    Tensor x = leaf * 1.5 - 0.1;                 \
    const Tensor& y = x.method();                \
    r.print(#method " itself", y.is_same(x));    \
    r.value(#method, x);                         \
    (x * base).sum().backward();                 \
    r.value(#method " gradient", leaf.grad());   \
  }
  IN_PLACE(abs_)
  IN_PLACE(ceil_)
  IN_PLACE(cos_)
  IN_PLACE(erf_)
  IN_PLACE(exp_)
  IN_PLACE(expm1_)
  IN_PLACE(floor_)
  IN_PLACE(log_)
  IN_PLACE(log1p_)
  IN_PLACE(neg_)
  IN_PLACE(reciprocal_)
  IN_PLACE(relu_)
  IN_PLACE(round_)
  IN_PLACE(rsqrt_)
  IN_PLACE(sigmoid_)
  IN_PLACE(sign_)
  IN_PLACE(sin_)
  IN_PLACE(sqrt_)
  IN_PLACE(square_)
  IN_PLACE(tanh_)
#undef IN_PLACE
  r.value("clamp_min_", base.clone().clamp_min_(0.4));
  r.value("clamp_max_", base.clone().clamp_max_(0.4));
  r.print("allclose", torch::allclose(base, base + 1e-9));
  r.layout("swapaxes_", base.clone().swapaxes_(0, 1));
  r.layout("swapdims_", base.clone().swapdims_(0, 1));
  r.value("strided", torch::ones({2}, torch::TensorOptions(torch::kStrided)));
  r.print("default", torch::get_default_dtype() == torch::kFloat32);
}
