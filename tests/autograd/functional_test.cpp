// Jacobians, Hessians and their products, against closed formulas.

#include "taper/autograd/functional.h"

#include "autograd/testing.h"
#include "taper/autograd/gtest.h"

namespace taper {
namespace {

namespace functional = autograd::functional;
using autograd::variable_list;

// [2, 3]
Tensor matrix() { return tensor({{0.5, -1.0, 2.0}, {1.5, 0.25, -0.75}}, kFloat64); }
Tensor vector() { return tensor({0.3, -0.7, 1.1}, kFloat64); }

Tensor cubes(const Tensor& x) { return x.pow(3).sum(); }

// --- jacobian ---

TEST(Jacobian, OfAnElementwiseFunctionIsDiagonal) {
  Tensor x = vector();
  Tensor j = functional::jacobian([](const Tensor& t) { return t.exp(); }, x);
  EXPECT_TRUE(allclose(j, x.exp().diag()));
  EXPECT_FALSE(j.requires_grad());
}

TEST(Jacobian, HasTheSizesOfTheOutputThenThoseOfTheInput) {
  Tensor a = matrix();
  Tensor j = functional::jacobian([](const Tensor& t) { return t.t() * 2; }, a);
  ASSERT_EQ(j.sizes(), (IntArrayRef{3, 2, 2, 3}));
  EXPECT_TRUE(allclose(j, (eye(6, kFloat64) * 2).view({2, 3, 2, 3}).transpose(0, 1)));
  EXPECT_EQ(functional::jacobian(cubes, a).sizes(), (IntArrayRef{2, 3}));
  EXPECT_EQ(functional::jacobian(
                [](const Tensor& t) {
                  return t.index({"...", 0});
                },
                a)
                .sizes(),
            (IntArrayRef{2, 2, 3}));
  Tensor none = functional::jacobian([](const Tensor& t) { return t.narrow(0, 0, 0); }, a);
  EXPECT_EQ(none.sizes(), (IntArrayRef{0, 3, 2, 3}));
}

TEST(Jacobian, OfListsIsATable) {
  Tensor a = matrix();
  Tensor x = vector();
  auto product = [](const variable_list& in) {
    return variable_list{mv(in[0], in[1]), in[1] * in[1]};
  };
  std::vector<variable_list> j = functional::jacobian(product, {a, x});
  ASSERT_EQ(j.size(), 2U);
  ASSERT_EQ(j[0].size(), 2U);
  EXPECT_EQ(j[0][0].sizes(), (IntArrayRef{2, 2, 3}));
  EXPECT_TRUE(allclose(j[0][1], a));
  EXPECT_TRUE(allclose(j[1][1], (2 * x).diag()));
  // The second output does not depend on the first input.
  EXPECT_TRUE(equal(j[1][0], zeros({3, 2, 3}, kFloat64)));
}

TEST(Jacobian, TakesTheFormOfTheFunction) {
  Tensor x = vector();
  variable_list by_output = functional::jacobian(
      [](const Tensor& t) {
        return variable_list{t.sum(), t * t};
      },
      x);
  ASSERT_EQ(by_output.size(), 2U);
  EXPECT_EQ(by_output[1].sizes(), (IntArrayRef{3, 3}));
  variable_list by_input =
      functional::jacobian([](const variable_list& in) { return in[0].dot(in[1]); }, {x, 2 * x});
  ASSERT_EQ(by_input.size(), 2U);
  EXPECT_TRUE(allclose(by_input[0], 2 * x));
}

TEST(Jacobian, TakesAModule) {
  nn::Linear layer(3, 2);
  Tensor x = randn({3});
  EXPECT_TRUE(allclose(functional::jacobian(layer, x), layer->weight));
  EXPECT_FALSE(layer->weight.grad().defined());
}

TEST(Jacobian, OnTheTapeIsAFunctionOfTheInputs) {
  auto f = [](const Tensor& x) {
    return functional::jacobian([](const Tensor& t) { return t.sin() * t.sum(); }, x, true);
  };
  EXPECT_GRADGRADCHECK(f, {leaf({0.3, -0.7})});
  // And of what else the function uses.
  Tensor scale = leaf({2, 3, 4});
  Tensor j = functional::jacobian([&](const Tensor& t) { return scale * t * t; }, vector(), true);
  j.sum().backward();
  EXPECT_TRUE(allclose(scale.grad(), 2 * vector()));
}

TEST(Jacobian, LeavesInputsAndModesAlone) {
  Tensor x = leaf({1, 2});
  NoGradGuard no_grad;
  Tensor j = functional::jacobian(
      [&](const Tensor& t) {
        EXPECT_FALSE(t.is_same(x));
        return t * x.sum();  // the caught x is a constant
      },
      x);
  EXPECT_FALSE(GradMode::is_enabled());
  EXPECT_TRUE(allclose(j, 3 * eye(2, kFloat64)));
  EXPECT_FALSE(x.grad().defined());
  Tensor plain = vector();
  functional::jacobian([](const Tensor& t) { return t * t; }, plain, true);
  EXPECT_FALSE(plain.requires_grad());
  InferenceMode inference;
  EXPECT_TRUE(allclose(functional::jacobian([](const Tensor& t) { return 2 * t; }, plain),
                       2 * eye(3, kFloat64)));
}

// --- hessian ---

TEST(Hessian, OfCubesIsDiagonal) {
  Tensor x = vector();
  EXPECT_TRUE(allclose(functional::hessian(cubes, x), (6 * x).diag()));
  // One element of any rank will do for the output.
  EXPECT_TRUE(allclose(functional::hessian(
                           [](const Tensor& t) {
                             return cubes(t).view({1, 1});
                           },
                           x),
                       (6 * x).diag()));
}

TEST(Hessian, OfTwoInputsHasFourBlocks) {
  Tensor a = matrix();
  Tensor x = vector();
  Tensor y = tensor({2.0, -1.0}, kFloat64);
  // y^T A x
  auto form = [&](const variable_list& in) { return y.dot(mv(in[0], in[1])); };
  auto h = functional::hessian(form, {a, x});
  EXPECT_TRUE(equal(h[0][0], zeros({2, 3, 2, 3}, kFloat64)));
  EXPECT_TRUE(equal(h[1][1], zeros({3, 3}, kFloat64)));
  Tensor mixed = y.view({2, 1, 1}) * eye(3, kFloat64);  // d / d A[i, j] d x[k]
  EXPECT_TRUE(allclose(h[0][1], mixed));
  EXPECT_TRUE(allclose(h[1][0], mixed.permute({2, 0, 1})));
}

TEST(Hessian, OfALinearFunctionIsZero) {
  Tensor h = functional::hessian([](const Tensor& t) { return t.sum(); }, vector());
  EXPECT_TRUE(equal(h, zeros({3, 3}, kFloat64)));
}

TEST(Hessian, OnTheTape) {
  auto f = [](const Tensor& x) {
    return functional::hessian([](const Tensor& t) { return t.exp().prod(); }, x, true);
  };
  EXPECT_GRADCHECK(f, {leaf({0.3, -0.7})});
}

// --- products ---

// An odd function R^3 -> R^2, and R^3 -> R.
Tensor bent(const Tensor& x) { return mv(matrix(), x).sin(); }
Tensor bent_sum(const Tensor& x) { return bent(x).square().sum() + cubes(x); }

TEST(FunctionalProducts, AgreeWithTheJacobian) {
  Tensor x = vector();
  Tensor j = functional::jacobian(bent, x);
  Tensor u = tensor({1.5, -0.5}, kFloat64);
  Tensor v = tensor({-2.0, 0.1, 0.7}, kFloat64);
  auto [value, uj] = functional::vjp(bent, x, u);
  EXPECT_TRUE(allclose(value, bent(x)));
  EXPECT_TRUE(allclose(uj, mv(j.t(), u)));
  auto [same, jv] = functional::jvp(bent, x, v);
  EXPECT_TRUE(allclose(same, value));
  EXPECT_TRUE(allclose(jv, mv(j, v)));
  EXPECT_FALSE(value.requires_grad() || uj.requires_grad() || jv.requires_grad());
}

TEST(FunctionalProducts, AgreeWithTheHessian) {
  Tensor x = vector();
  Tensor h = functional::hessian(bent_sum, x);
  Tensor v = tensor({-2.0, 0.1, 0.7}, kFloat64);
  auto [value, vh] = functional::vhp(bent_sum, x, v);
  EXPECT_TRUE(allclose(value, bent_sum(x)));
  EXPECT_TRUE(allclose(vh, mv(h, v)));
  EXPECT_TRUE(allclose(functional::hvp(bent_sum, x, v).second, mv(h, v)));
}

TEST(FunctionalProducts, OfLists) {
  Tensor a = matrix();
  Tensor x = vector();
  auto both = [](const variable_list& in) { return variable_list{mv(in[0], in[1]), in[1].sum()}; };
  Tensor u = tensor({1.5, -0.5}, kFloat64);
  auto [outputs, pulled] = functional::vjp(both, {a, x}, {u, tensor(10.0, kFloat64)});
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_TRUE(allclose(pulled[0], u.unsqueeze(1) * x));
  EXPECT_TRUE(allclose(pulled[1], mv(a.t(), u) + 10));
  auto pushed = functional::jvp(both, {a, x}, {a * 0.5, x * 2}).second;
  EXPECT_TRUE(allclose(pushed[0], mv(a, x) * 2.5));
  EXPECT_TRUE(allclose(pushed[1], 2 * x.sum()));
  auto form = [&](const variable_list& in) { return u.dot(mv(in[0], in[1])); };
  variable_list vh = functional::vhp(form, {a, x}, {a, x}).second;
  EXPECT_TRUE(allclose(vh[0], u.unsqueeze(1) * x));
  EXPECT_TRUE(allclose(vh[1], mv(a.t(), u)));
  EXPECT_TRUE(allclose(functional::hvp(form, {a, x}, {a, x}).second[1], vh[1]));
}

TEST(FunctionalProducts, OfOneElementNeedNoVector) {
  Tensor x = tensor({3.0}, kFloat64);
  EXPECT_TRUE(allclose(functional::vjp(cubes, x).second, tensor({27.0}, kFloat64)));
  EXPECT_EQ(functional::jvp(cubes, x).second.item<double>(), 27);
  EXPECT_TRUE(allclose(functional::vhp(cubes, x).second, tensor({18.0}, kFloat64)));
  EXPECT_TRUE(allclose(functional::hvp(cubes, x).second, tensor({18.0}, kFloat64)));
}

TEST(FunctionalProducts, OfWhatDoesNotDependOnTheInputAreZero) {
  Tensor x = vector();
  auto constant = [](const Tensor&) { return ones({2}, kFloat64); };
  EXPECT_TRUE(equal(functional::jacobian(constant, x), zeros({2, 3}, kFloat64)));
  EXPECT_TRUE(
      equal(functional::vjp(constant, x, ones({2}, kFloat64)).second, zeros({3}, kFloat64)));
  EXPECT_TRUE(equal(functional::jvp(constant, x, x).second, zeros({2}, kFloat64)));
  auto linear = [](const Tensor& t) { return t.sum(); };
  EXPECT_TRUE(equal(functional::vhp(linear, x, x).second, zeros({3}, kFloat64)));
  EXPECT_TRUE(equal(functional::hvp(linear, x, x).second, zeros({3}, kFloat64)));
}

TEST(FunctionalProducts, OnTheTape) {
  Tensor x = leaf({0.3, -0.7, 1.1});
  Tensor u = leaf({1.5, -0.5});
  Tensor v = leaf({-2.0, 0.1, 0.7});
  EXPECT_GRADGRADCHECK(
      [](const variable_list& in) { return functional::vjp(bent, in[0], in[1], true).second; },
      (variable_list{x, u}));
  EXPECT_GRADCHECK(
      [](const variable_list& in) { return functional::jvp(bent, in[0], in[1], true).second; },
      (variable_list{x, v}));
  EXPECT_GRADCHECK(
      [](const variable_list& in) { return functional::vhp(bent_sum, in[0], in[1], true).second; },
      (variable_list{x, v}));
  EXPECT_GRADCHECK(
      [](const variable_list& in) { return functional::hvp(bent_sum, in[0], in[1], true).second; },
      (variable_list{x, v}));
  // The value is on the tape as well.
  functional::vjp(cubes, x, {}, true).first.backward();
  EXPECT_TRUE(allclose(x.grad(), 3 * x.detach().square()));
}

// --- errors ---

TEST(FunctionalErrors, OfTheVector) {
  Tensor x = vector();
  EXPECT_ERROR(
      functional::vjp(bent, x),
      "The vector v can only be None if the user-provided function returns a single Tensor "
      "with a single element.");
  EXPECT_ERROR(functional::jvp(bent, x),
               "The vector v can only be None if the input to the user-provided function is a "
               "single Tensor with a single element.");
  EXPECT_ERROR(functional::hvp(cubes, x), "The vector v can only be None if the input");
  EXPECT_ERROR(functional::vjp(bent, x, x), "v has invalid size: should be [2] but got [3].");
  auto list = [](const variable_list& in) { return in[0].dot(in[1]); };
  EXPECT_ERROR(functional::vhp(list, {x, x}, {x, x[0]}),
               "Entry 1 in v has invalid size: should be [3] but got [].");
  EXPECT_ERROR(functional::vhp(list, {x, x}, {x}),
               "v is a tuple of invalid length: should be 2 but got 1.");
}

TEST(FunctionalErrors, OfTheFunction) {
  Tensor x = vector();
  EXPECT_ERROR(functional::hessian(bent, x),
               "The Tensor returned by the function given to hessian should contain a single "
               "element");
  auto list = [](const Tensor& t) { return variable_list{t.sum()}; };
  EXPECT_ERROR(functional::hessian(list, x),
               "The function given to hessian should return a single Tensor");
  EXPECT_ERROR(functional::vhp(list, x, x),
               "The function given to vhp should return a single Tensor");
  EXPECT_ERROR(functional::hvp(bent, x, x), "given to hvp should contain a single element");
  EXPECT_ERROR(functional::jacobian([](const Tensor&) { return Tensor(); }, x),
               "The outputs of the user-provided function given to jacobian must be either");
  EXPECT_ERROR(functional::vjp(cubes, Tensor()), "The inputs given to vjp must not be empty.");
}

TEST(FunctionalErrors, InStrictMode) {
  Tensor x = vector();
  auto constant = [](const Tensor&) { return ones({}, kFloat64); };
  auto linear = [](const Tensor& t) { return 2 * t.sum(); };
  auto quadratic = [](const Tensor& t) { return t.square().sum(); };
  auto first_only = [](const variable_list& in) { return in[0].square().sum(); };
  const char* off_tape = "Output 0 of the user-provided function does not require gradients.";
  EXPECT_ERROR(functional::jacobian(constant, x, false, true), off_tape);
  EXPECT_ERROR(functional::vjp(constant, x, {}, false, true), off_tape);
  EXPECT_ERROR(functional::jvp(constant, x, x, false, true), off_tape);
  EXPECT_ERROR(functional::hessian(constant, x, false, true), off_tape);
  EXPECT_ERROR(functional::jacobian(first_only, {x, x}, false, true),
               "Output 0 of the user-provided function is independent of input 1.");
  EXPECT_ERROR(functional::vjp(first_only, {x, x}, {}, false, true),
               "The output of the user-provided function is independent of input 1.");
  EXPECT_ERROR(functional::jvp(first_only, {x, x}, {x, x}, false, true),
               "The output of the user-provided function is independent of input 1.");
  EXPECT_ERROR(functional::jacobian(linear, x, true, true),
               "The jacobian of the user-provided function is independent of input 0. This is not "
               "allowed in strict mode when create_graph=True.");
  EXPECT_ERROR(functional::vjp(linear, x, {}, true, true),
               "The jacobian of the user-provided function is independent of input 0.");
  const char* constant_jacobian =
      "While computing the hessian, found that the jacobian of the user-provided function with "
      "respect to input 0 is independent of the input.";
  EXPECT_ERROR(functional::hessian(linear, x, false, true), constant_jacobian);
  EXPECT_ERROR(functional::vhp(linear, x, x, false, true), constant_jacobian);
  EXPECT_ERROR(functional::hvp(linear, x, x, false, true), constant_jacobian);
  EXPECT_ERROR(functional::vhp(quadratic, x, x, true, true),
               "The hessian of the user-provided function is independent of input 0. This is not "
               "allowed in strict mode when create_graph=True.");
  // What strict mode has nothing against.
  EXPECT_NO_THROW(functional::jacobian(linear, x, false, true));
  EXPECT_NO_THROW(functional::hessian(quadratic, x, false, true));
  EXPECT_NO_THROW(functional::hvp(cubes, x, x, true, true));
}

}  // namespace
}  // namespace taper
