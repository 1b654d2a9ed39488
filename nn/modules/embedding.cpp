#include "taper/nn/modules/embedding.h"

#include <ostream>

#include "taper/autograd/grad_mode.h"
#include "taper/nn/functional.h"
#include "taper/nn/init.h"
#include "taper/tensor/factories.h"

namespace taper::nn {

template class Cloneable<EmbeddingImpl>;

EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& options) : options(options) {
  EmbeddingImpl::reset();
}

void EmbeddingImpl::reset() {
  if (options.padding_idx()) {
    int64_t index = *options.padding_idx();
    TAPER_CHECK(index < options.num_embeddings(), "Padding_idx must be within num_embeddings");
    TAPER_CHECK(index >= -options.num_embeddings(), "Padding_idx must be within num_embedding");
    if (index < 0) index += options.num_embeddings();
    options.padding_idx(index);
  }
  if (!options._weight().defined()) {
    weight =
        register_parameter("weight", empty({options.num_embeddings(), options.embedding_dim()}));
    reset_parameters();
    return;
  }
  const int64_t shape[] = {options.num_embeddings(), options.embedding_dim()};
  TAPER_CHECK(options._weight().sizes() == IntArrayRef(shape),
              "Shape of _weight does not match num_embeddings and embedding_dim");
  // Detached: it shares the memory of the given tensor, but is a parameter of its own.
  weight = register_parameter("weight", options._weight().detach());
}

void EmbeddingImpl::reset_parameters() {
  init::normal_(weight);
  if (options.padding_idx()) {
    NoGradGuard no_grad;
    weight.select(0, *options.padding_idx()).zero_();
  }
}

void EmbeddingImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Embedding(num_embeddings=" << options.num_embeddings()
         << ", embedding_dim=" << options.embedding_dim();
  if (options.padding_idx()) stream << ", padding_idx=" << *options.padding_idx();
  if (options.max_norm()) stream << ", max_norm=" << *options.max_norm();
  if (options.norm_type() != 2) stream << ", norm_type=" << options.norm_type();
  if (options.scale_grad_by_freq()) stream << ", scale_grad_by_freq=true";
  if (options.sparse()) stream << ", sparse=true";
  stream << ')';
}

Tensor EmbeddingImpl::forward(const Tensor& indices) {
  TAPER_CHECK(indices.defined(), "Embedding: expected indices, got an undefined Tensor");
  return functional::embedding(indices, weight,
                               functional::EmbeddingFuncOptions()
                                   .padding_idx(options.padding_idx())
                                   .max_norm(options.max_norm())
                                   .norm_type(options.norm_type())
                                   .scale_grad_by_freq(options.scale_grad_by_freq())
                                   .sparse(options.sparse()));
}

Embedding Embedding::from_pretrained(const Tensor& embeddings,
                                     const EmbeddingFromPretrainedOptions& options) {
  TAPER_CHECK(embeddings.dim() == 2, "Embeddings parameter is expected to be 2-dimensional");
  Embedding embedding(EmbeddingOptions(embeddings.size(0), embeddings.size(1))
                          ._weight(embeddings)
                          .padding_idx(options.padding_idx())
                          .max_norm(options.max_norm())
                          .norm_type(options.norm_type())
                          .scale_grad_by_freq(options.scale_grad_by_freq())
                          .sparse(options.sparse()));
  embedding->weight.set_requires_grad(!options.freeze());
  return embedding;
}

}  // namespace taper::nn
