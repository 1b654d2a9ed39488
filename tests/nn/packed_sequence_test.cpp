#include "taper/nn/packed_sequence.h"

#include "nn_testing.h"
#include "taper/autograd/gtest.h"
#include "taper/taper.h"

namespace {

using namespace taper;
namespace rnn = nn::utils::rnn;

// Each sequence of a padded batch [T, B, *] by itself.
std::vector<Tensor> sequences(const Tensor& x, const std::vector<int64_t>& lengths) {
  std::vector<Tensor> result;
  for (size_t b = 0; b < lengths.size(); ++b) {
    result.push_back(x.select(1, static_cast<int64_t>(b)).slice(0, 0, lengths[b]));
  }
  return result;
}

TEST(PackedSequence, HoldsStepAfterStep) {
  const Tensor x = arange(24, kFloat32).reshape({4, 3, 2});
  const auto packed = rnn::pack_padded_sequence(x, tensor({1, 4, 2}), false, false);
  EXPECT_TRUE(packed.data().equal(tensor(
      {{2.f, 3.f}, {4.f, 5.f}, {0.f, 1.f}, {8.f, 9.f}, {10.f, 11.f}, {14.f, 15.f}, {20.f, 21.f}})));
  EXPECT_TRUE(packed.batch_sizes().equal(tensor({3, 2, 1, 1})));
  EXPECT_TRUE(packed.sorted_indices().equal(tensor({1, 2, 0})));
  EXPECT_TRUE(packed.unsorted_indices().equal(tensor({2, 0, 1})));
  EXPECT_FALSE(packed.is_cuda());
  EXPECT_FALSE(packed.is_pinned());
  EXPECT_ERROR(packed.cuda(), "cuda");

  const auto sorted = rnn::pack_padded_sequence(x.transpose(0, 1), tensor({4, 2, 2}), true);
  EXPECT_FALSE(sorted.sorted_indices().defined());
  EXPECT_FALSE(sorted.unsorted_indices().defined());
  EXPECT_TRUE(sorted.batch_sizes().equal(tensor({3, 3, 1, 1})));
}

TEST(PackedSequence, IsPaddedBack) {
  const Tensor x = randn({4, 3, 2});
  const std::vector<int64_t> lengths = {2, 4, 1};
  const auto packed = rnn::pack_padded_sequence(x, tensor(lengths), false, false);
  const auto [padded, back] = rnn::pad_packed_sequence(packed, true, -1.5, 6);
  EXPECT_TRUE(back.equal(tensor(lengths)));
  EXPECT_EQ(padded.sizes().vec(), (std::vector<int64_t>{3, 6, 2}));
  for (size_t b = 0; b < 3; ++b) {
    const Tensor one = padded[static_cast<int64_t>(b)];
    EXPECT_TRUE(one.slice(0, 0, lengths[b]).equal(sequences(x, lengths)[b]));
    EXPECT_TRUE(one.slice(0, lengths[b]).eq(-1.5).all().item<bool>());
  }
  EXPECT_TRUE(
      std::get<0>(rnn::pad_packed_sequence(rnn::pack_sequence(sequences(x, lengths), false)))
          .equal(rnn::pad_sequence(sequences(x, lengths))));
  // Integers, for labels.
  const auto labels = rnn::pack_padded_sequence(arange(6).reshape({3, 2}), tensor({3, 1}));
  EXPECT_TRUE(labels.data().equal(tensor({0, 1, 2, 4})));
  EXPECT_TRUE(std::get<0>(rnn::pad_packed_sequence(labels, false, 7.7))
                  .equal(tensor({{0, 1}, {2, 7}, {4, 7}})));
}

TEST(PackedSequence, ChangesDtype) {
  const auto packed = rnn::pack_padded_sequence(randn({3, 2}), tensor({1, 3}), false, false);
  const auto doubles = packed.to(kFloat64);
  EXPECT_EQ(doubles.data().scalar_type(), kFloat64);
  EXPECT_EQ(doubles.sorted_indices().scalar_type(), kInt64);
  EXPECT_TRUE(doubles.unsorted_indices().equal(packed.unsorted_indices()));
  EXPECT_TRUE(packed.cpu().data().is_same(packed.data()));
  EXPECT_FALSE(rnn::invert_permutation(Tensor()).defined());
  EXPECT_ERROR(rnn::invert_permutation(ones({2})), "Expected dtype int64 for index");
}

TEST(PackedSequence, NamesWhatIsWrong) {
  const Tensor x = randn({4, 3, 2});
  const auto pack = [&](const Tensor& lengths) { return rnn::pack_padded_sequence(x, lengths); };
  EXPECT_ERROR(pack(tensor({4, 3})),
               "Expected `len(lengths)` to be equal to batch_size, but got 2 (batch_size=3)");
  EXPECT_ERROR(pack(tensor({4, 3, 0})),
               "Length of all samples has to be greater than 0, but found an element in 'lengths' "
               "that is <= 0");
  EXPECT_ERROR(pack(tensor({3, 4, 1})),
               "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. "
               "You can pass `enforce_sorted=False` to pack_padded_sequence");
  EXPECT_ERROR(pack(tensor({{4, 3, 1}})),
               "'lengths' argument should be a 1D CPU int64 tensor, but got 2D cpu Long tensor");
  EXPECT_ERROR(pack(tensor({5, 4, 1})), "expected lengths of at most 4, got 5");
  EXPECT_ERROR(pack(Tensor()), "undefined Tensor");
  EXPECT_ERROR(rnn::pack_padded_sequence(randn({2, 0}), tensor(std::vector<int64_t>{})),
               "Cannot pack empty tensors.");
  EXPECT_ERROR(rnn::pack_padded_sequence(Tensor(), tensor({1})),
               "Expected a proper Tensor but got None");
  EXPECT_ERROR(rnn::pack_sequence({}), "received an empty list of sequences");
  EXPECT_ERROR(rnn::pack_sequence({ones({2}), ones({3})}), "must be sorted in decreasing order");
  EXPECT_ERROR(rnn::pad_packed_sequence(pack(tensor({4, 3, 1})), false, 0, 3),
               "Expected total_length to be at least the length of the longest sequence in input, "
               "but got total_length=3 and max sequence length being 4");
  EXPECT_ERROR(rnn::PackedSequence(x, Tensor()), "undefined Tensor");
  EXPECT_ERROR(rnn::pad_packed_sequence(rnn::PackedSequence(x, tensor({2, 3}))), "do not fit data");
  nn::GRU gru(2, 3);
  const auto packed = rnn::pack_padded_sequence(x, tensor({1, 4, 2}), false, false);
  EXPECT_ERROR(gru->forward_with_packed_input(packed, zeros({3, 3})),
               "Expected hidden size 1 3 3, got [3, 3]");
  EXPECT_ERROR(gru->forward_with_packed_input(packed.to(kFloat64)),
               "mat1 and mat2 must have the same dtype");
  EXPECT_ERROR(nn::GRU(4, 3)->forward_with_packed_input(packed),
               "input.size(-1) must be equal to input_size. Expected 4, got 2");
  EXPECT_ERROR(gru->forward_with_packed_input(rnn::PackedSequence(x, tensor({3, 1}))),
               "input must have 2 dimensions, got 3");
}

// Packed, a batch gives what each of its sequences gives by itself.
TEST(PackedSequence, RunsEachSequenceByItself) {
  const std::vector<int64_t> lengths = {2, 5, 1, 3};
  const TensorOptions doubles(kFloat64);
  const Tensor x = randn({5, 4, 3}, doubles);
  const auto packed = rnn::pack_padded_sequence(x, tensor(lengths), false, false);
  nn::LSTM lstm(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).proj_size(2));
  nn::GRU gru(nn::GRUOptions(3, 4).num_layers(2).bidirectional(true));
  lstm->to(kFloat64);
  gru->to(kFloat64);
  const Tensor h0 = randn({4, 4, 2}, doubles), c0 = randn({4, 4, 4}, doubles);
  const auto [out, state] = lstm->forward_with_packed_input(packed, std::make_tuple(h0, c0));
  const auto [gru_out, gru_h] = gru->forward_with_packed_input(packed, c0);
  EXPECT_TRUE(out.batch_sizes().is_same(packed.batch_sizes()));
  EXPECT_TRUE(out.sorted_indices().is_same(packed.sorted_indices()));
  const Tensor padded = std::get<0>(rnn::pad_packed_sequence(out));
  const Tensor gru_padded = std::get<0>(rnn::pad_packed_sequence(gru_out));
  for (int64_t b = 0; b < 4; ++b) {
    const int64_t length = lengths[static_cast<size_t>(b)];
    const auto slice = [b](const Tensor& t) { return t.slice(1, b, b + 1); };
    const Tensor input = slice(x).slice(0, 0, length);
    const auto [one, one_state] = lstm(input, std::make_tuple(slice(h0), slice(c0)));
    EXPECT_TRUE(slice(padded).slice(0, 0, length).allclose(one));
    EXPECT_TRUE(slice(std::get<0>(state)).allclose(std::get<0>(one_state)));
    EXPECT_TRUE(slice(std::get<1>(state)).allclose(std::get<1>(one_state)));
    const auto [gru_one, gru_one_h] = gru(input, slice(c0));
    EXPECT_TRUE(slice(gru_padded).slice(0, 0, length).allclose(gru_one));
    EXPECT_TRUE(slice(gru_h).allclose(gru_one_h));
  }
}

TEST(PackedSequence, Gradcheck) {
  manual_seed(3);
  nn::LSTM lstm(nn::LSTMOptions(2, 2).bidirectional(true));
  lstm->to(kFloat64);
  const TensorOptions doubles(kFloat64);
  const auto run = [&](const TensorVector& in) {
    const auto packed = rnn::pack_padded_sequence(in[0], tensor({1, 3}), true, false);
    auto [out, state] = lstm->forward_with_packed_input(packed, std::make_tuple(in[1], in[2]));
    return TensorVector{std::get<0>(rnn::pad_packed_sequence(out, true)), std::get<0>(state),
                        std::get<1>(state)};
  };
  const TensorVector leaves = {randn({2, 3, 2}, doubles).requires_grad_(),
                               randn({2, 2, 2}, doubles).requires_grad_(),
                               randn({2, 2, 2}, doubles).requires_grad_()};
  EXPECT_GRADCHECK(run, leaves);
  EXPECT_GRADGRADCHECK(run, leaves);
  EXPECT_GRADCHECK_PARAMETERS(
      [&] {
        return run({leaves[0].detach(), leaves[1].detach(), leaves[2].detach()});
      },
      lstm);
}

}  // namespace
