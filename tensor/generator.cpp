#include "taper/tensor/generator.h"

#include <mutex>
#include <random>

#include "taper/tensor/error.h"
#include "taper/tensor/kernels/random.h"

namespace taper {

class CPUGeneratorImpl : public detail::RefCounted {
 public:
  explicit CPUGeneratorImpl(const kernels::RandomState& start) : state(start) {}

  std::mutex mutex;
  kernels::RandomState state;
};

void intrusive_retain(const CPUGeneratorImpl* p) { p->retain(); }
void intrusive_release(const CPUGeneratorImpl* p) {
  if (p->release()) delete p;
}

GeneratorLock::GeneratorLock(detail::IntrusivePtr<CPUGeneratorImpl> impl) : impl_(std::move(impl)) {
  impl_->mutex.lock();
}

GeneratorLock::~GeneratorLock() { impl_->mutex.unlock(); }

kernels::RandomState& GeneratorLock::operator*() const { return impl_->state; }

CPUGeneratorImpl& Generator::impl() const {
  TAPER_CHECK(defined(), "Generator with undefined implementation is not allowed");
  return *impl_;
}

GeneratorLock Generator::lock() const {
  impl();
  return GeneratorLock(impl_);
}

std::uint64_t Generator::current_seed() const { return lock()->seed; }

void Generator::set_current_seed(std::uint64_t seed) { *lock() = kernels::RandomState(seed); }

std::uint64_t Generator::seed() {
  std::random_device entropy;
  const std::uint64_t high = entropy();
  // 53 bits, as in PyTorch: the seed then survives a trip through a double.
  const std::uint64_t value = (high << 32 | entropy()) & ((std::uint64_t{1} << 53) - 1);
  set_current_seed(value);
  return value;
}

Generator Generator::clone() const {
  return Generator(detail::IntrusivePtr<CPUGeneratorImpl>(new CPUGeneratorImpl(*lock())));
}

Generator make_generator(std::uint64_t seed) {
  return Generator(
      detail::IntrusivePtr<CPUGeneratorImpl>(new CPUGeneratorImpl(kernels::RandomState(seed))));
}

void manual_seed(std::uint64_t seed) { detail::default_cpu_generator().set_current_seed(seed); }

Generator& detail::default_cpu_generator() {
  // Never destroyed: a static object's destructor may still draw from it.
  static Generator& generator = *new Generator(make_generator());
  return generator;
}

}  // namespace taper
