#include "taper/tensor/generator.h"

#include <cstddef>
#include <cstring>
#include <mutex>
#include <random>

#include "taper/tensor/error.h"
#include "taper/tensor/kernels/random.h"
#include "taper/tensor/raw/core.h"

namespace taper {
namespace {

// The bytes of PyTorch's saved states, padding included.
struct SavedState {
  std::uint64_t seed;
  std::int32_t left;
  std::int32_t seeded;
  std::uint64_t next;
  std::uint64_t words[kernels::Mt19937::kStateWords];
  double unused_x;
  double double_normal;
  double unused_rho;
  std::int32_t has_double_normal;
  std::int32_t padding;
  float float_normal;
  std::uint8_t has_float_normal;
  std::uint8_t end_padding[3];
};
static_assert(sizeof(SavedState) == 5056 && offsetof(SavedState, has_float_normal) == 5052);

}  // namespace

// Two mutexes, because a program that holds the one it knows still calls set_current_seed(), which
// is to be safe without it.
struct CPUGeneratorImpl::Shared {
  explicit Shared(std::uint64_t seed) : state(seed) {}

  std::mutex of_user;
  std::mutex of_state;
  kernels::RandomState state;
};

CPUGeneratorImpl::CPUGeneratorImpl(std::uint64_t seed)
    : shared_(new Shared(seed)), mutex_(&shared_->of_user) {}

CPUGeneratorImpl::~CPUGeneratorImpl() { delete shared_; }

std::uint32_t CPUGeneratorImpl::random() {
  const std::lock_guard guard(shared_->of_state);
  return shared_->state.engine.next32();
}

std::uint64_t CPUGeneratorImpl::random64() {
  const std::lock_guard guard(shared_->of_state);
  return shared_->state.engine.next64();
}

std::uint64_t CPUGeneratorImpl::current_seed() const {
  const std::lock_guard guard(shared_->of_state);
  return shared_->state.seed;
}

void CPUGeneratorImpl::set_current_seed(std::uint64_t seed) {
  const std::lock_guard guard(shared_->of_state);
  shared_->state = kernels::RandomState(seed);
}

std::uint64_t CPUGeneratorImpl::seed() {
  std::random_device entropy;
  const std::uint64_t high = entropy();
  // 53 bits, as in PyTorch: the seed then survives a trip through a double.
  const std::uint64_t value = (high << 32 | entropy()) & ((std::uint64_t{1} << 53) - 1);
  set_current_seed(value);
  return value;
}

void intrusive_retain(const CPUGeneratorImpl* p) { p->retain(); }
void intrusive_release(const CPUGeneratorImpl* p) {
  if (p->release()) delete p;
}

template <class Mutex, class>
GeneratorMutex::operator Mutex&() {
  return *static_cast<Mutex*>(mutex_);
}
template GeneratorMutex::operator std::mutex&();
void GeneratorMutex::lock() { static_cast<std::mutex*>(mutex_)->lock(); }
bool GeneratorMutex::try_lock() { return static_cast<std::mutex*>(mutex_)->try_lock(); }
void GeneratorMutex::unlock() { static_cast<std::mutex*>(mutex_)->unlock(); }

GeneratorLock::GeneratorLock(detail::IntrusivePtr<CPUGeneratorImpl> impl) : impl_(std::move(impl)) {
  impl_->shared_->of_user.lock();
  impl_->shared_->of_state.lock();
}

GeneratorLock::~GeneratorLock() {
  impl_->shared_->of_state.unlock();
  impl_->shared_->of_user.unlock();
}

kernels::RandomState& GeneratorLock::operator*() const { return impl_->shared_->state; }

CPUGeneratorImpl& Generator::impl() const {
  TAPER_CHECK(defined(), "Generator with undefined implementation is not allowed");
  return *impl_;
}

GeneratorLock Generator::lock() const {
  impl();
  return GeneratorLock(impl_);
}

GeneratorMutex& Generator::mutex() const { return impl().mutex_; }

std::uint64_t Generator::current_seed() const { return impl().current_seed(); }
void Generator::set_current_seed(std::uint64_t seed) { impl().set_current_seed(seed); }
std::uint64_t Generator::seed() { return impl().seed(); }

Tensor Generator::get_state() const {
  Tensor result = raw::empty({static_cast<std::int64_t>(sizeof(SavedState))}, kUInt8);
  SavedState saved{};
  {
    const std::lock_guard guard(impl().shared_->of_state);
    const kernels::RandomState& state = impl_->shared_->state;
    const kernels::Mt19937::State& engine = state.engine.state();
    saved.seed = state.seed;
    saved.left = engine.left;
    saved.seeded = 1;
    saved.next = engine.next;
    for (std::size_t i = 0; i < engine.words.size(); ++i) saved.words[i] = engine.words[i];
    saved.has_double_normal = state.next_double_normal.has_value();
    saved.double_normal = state.next_double_normal.value_or(0);
    saved.has_float_normal = state.next_float_normal.has_value();
    saved.float_normal = state.next_float_normal.value_or(0);
  }
  std::memcpy(result.data_ptr(), &saved, sizeof saved);
  return result;
}

void Generator::set_state(const Tensor& state) {
  if (state.scalar_type() != kUInt8) {
    detail::throw_error<TypeError>("RNG state must be a torch.ByteTensor");
  }
  TAPER_CHECK(state.is_contiguous(), "RNG state must be contiguous");
  // States of old versions end before the normal that is kept as a float.
  constexpr std::size_t kLegacySize = offsetof(SavedState, float_normal);
  SavedState saved{};
  TAPER_CHECK(state.nbytes() == sizeof saved || state.nbytes() == kLegacySize,
              "Expected either a CPUGeneratorImplStateLegacy of size ", kLegacySize,
              " or a CPUGeneratorImplState of size ", sizeof saved,
              " but found the input RNG state size to be ", state.nbytes());
  std::memcpy(&saved, state.data_ptr(), state.nbytes());
  constexpr int kWords = kernels::Mt19937::kStateWords;
  // `next` must leave as many words as `left` says, or a draw would read past them.
  const bool fresh = saved.left == 1 && saved.next <= kWords;
  const bool going = saved.left > 1 && saved.left <= kWords && saved.next >= 1 &&
                     saved.next == static_cast<std::uint64_t>(kWords + 1 - saved.left);
  TAPER_CHECK(saved.seeded == 1 && (fresh || going), "Invalid mt19937 state");
  kernels::Mt19937::State engine;
  for (std::size_t i = 0; i < engine.words.size(); ++i) {
    engine.words[i] = static_cast<std::uint32_t>(saved.words[i]);
  }
  engine.left = saved.left;
  engine.next = static_cast<std::uint32_t>(saved.next);
  kernels::RandomState loaded(saved.seed);
  loaded.engine = kernels::Mt19937(engine);
  if (saved.has_double_normal != 0) loaded.next_double_normal = saved.double_normal;
  if (saved.has_float_normal != 0) loaded.next_float_normal = saved.float_normal;
  const std::lock_guard guard(impl().shared_->of_state);
  impl_->shared_->state = loaded;
}

Generator Generator::clone() const {
  Generator copy = make_generator();
  const std::lock_guard guard(impl().shared_->of_state);
  copy.impl_->shared_->state = impl_->shared_->state;
  return copy;
}

Generator make_generator(std::uint64_t seed) {
  return Generator(detail::IntrusivePtr<CPUGeneratorImpl>(new CPUGeneratorImpl(seed)));
}

void manual_seed(std::uint64_t seed) { detail::default_cpu_generator().set_current_seed(seed); }

CPUGeneratorImpl* detail::checked_generator(const std::optional<Generator>& generator) {
  TAPER_CHECK(generator, "Expected Generator but received nullopt");
  TAPER_CHECK(generator->defined(), "Generator with undefined implementation is not allowed");
  return generator->unsafeGetGeneratorImpl();
}

Generator& detail::default_cpu_generator() {
  // Never destroyed: a static object's destructor may still draw from it.
  static Generator& generator = *new Generator(make_generator());
  return generator;
}

Generator& Context::defaultGenerator(Device device) const {
  TAPER_CHECK(device.is_cpu(), device.str(), " device type not enabled.");
  return detail::default_cpu_generator();
}

Context& globalContext() {
  static Context context;
  return context;
}

}  // namespace taper
