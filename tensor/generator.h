#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include "taper/tensor/device.h"
#include "taper/tensor/intrusive_ptr.h"

namespace taper {

class Tensor;
namespace kernels {
struct RandomState;
}

/// The seed of a generator that was given none.
inline constexpr std::uint64_t kDefaultSeed = 67280421310721U;

/// What Generator::mutex() gives. It is a std::mutex to whatever asks for one, as
/// std::lock_guard<std::mutex> does; <mutex> itself is too heavy a header for every user.
class GeneratorMutex {
 public:
  // std::mutex alone: what has a native handle.
  template <class Mutex, class = decltype(std::declval<Mutex&>().native_handle())>
  operator Mutex&();
  void lock();
  bool try_lock();
  void unlock();

 private:
  friend class CPUGeneratorImpl;
  explicit GeneratorMutex(void* mutex) : mutex_(mutex) {}
  void* mutex_;
};

/// The state that Generators share. Its members draw without a lock: hold the generator's mutex()
/// where threads share it.
class CPUGeneratorImpl : public detail::RefCounted {
 public:
  explicit CPUGeneratorImpl(std::uint64_t seed = kDefaultSeed);
  ~CPUGeneratorImpl();

  std::uint32_t random();
  std::uint64_t random64();  // two draws of random(), the first one high
  std::uint64_t current_seed() const;
  void set_current_seed(std::uint64_t seed);
  std::uint64_t seed();
  Device device() const { return Device(DeviceType::CPU); }

 private:
  friend class Generator;
  friend class GeneratorLock;
  struct Shared;
  Shared* shared_;
  GeneratorMutex mutex_;
};
void intrusive_retain(const CPUGeneratorImpl* p);
void intrusive_release(const CPUGeneratorImpl* p);

/// Exclusive use of a generator's state for as long as this lives. Every filler of random numbers
/// takes one for its whole run, so that draws of two threads are never interleaved.
class GeneratorLock {
 public:
  explicit GeneratorLock(detail::IntrusivePtr<CPUGeneratorImpl> impl);
  GeneratorLock(const GeneratorLock&) = delete;
  GeneratorLock& operator=(const GeneratorLock&) = delete;
  ~GeneratorLock();

  kernels::RandomState& operator*() const;
  kernels::RandomState* operator->() const { return &**this; }

 private:
  detail::IntrusivePtr<CPUGeneratorImpl> impl_;
};

/// A source of random numbers with PyTorch's streams (at::Generator): copying it shares the state.
/// The default-constructed one is undefined; using it throws. Each call is safe from any thread.
class Generator {
 public:
  Generator() = default;

  bool defined() const { return impl_ != nullptr; }
  Device device() const { return Device(DeviceType::CPU); }

  std::uint64_t current_seed() const;
  /// Starts the stream of this seed, of which the low 32 bits count.
  void set_current_seed(std::uint64_t seed);
  /// Seeds from the system's entropy; returns the seed.
  std::uint64_t seed();

  /// The state as PyTorch saves it, 5056 bytes (uint8): what torch.get_rng_state() gives. Throws on
  /// bytes that are no state, and then changes nothing.
  Tensor get_state() const;
  void set_state(const Tensor& state);

  /// An independent generator that goes on from the same state.
  Generator clone() const;
  GeneratorLock lock() const;
  /// Who holds it lets no filler of random numbers draw, and must not call one; the members above
  /// may be called.
  GeneratorMutex& mutex() const;
  template <class Impl>
  Impl* get() const {
    static_assert(std::is_same_v<Impl, CPUGeneratorImpl>, "taper has CPU generators only");
    return impl_.get();
  }
  CPUGeneratorImpl* unsafeGetGeneratorImpl() const { return impl_.get(); }

  friend bool operator==(const Generator& a, const Generator& b) {
    return a.impl_.get() == b.impl_.get();
  }
  friend bool operator!=(const Generator& a, const Generator& b) { return !(a == b); }

 private:
  friend Generator make_generator(std::uint64_t seed);
  explicit Generator(detail::IntrusivePtr<CPUGeneratorImpl> impl) : impl_(std::move(impl)) {}
  CPUGeneratorImpl& impl() const;

  detail::IntrusivePtr<CPUGeneratorImpl> impl_;
};

/// A new generator of its own.
Generator make_generator(std::uint64_t seed = kDefaultSeed);

/// libtorch's spelling: make_generator<CPUGeneratorImpl>(seed).
template <class Impl>
Generator make_generator(std::uint64_t seed = kDefaultSeed) {
  static_assert(std::is_same_v<Impl, CPUGeneratorImpl>, "taper has CPU generators only");
  return make_generator(seed);
}

namespace detail {
CPUGeneratorImpl* checked_generator(const std::optional<Generator>& generator);
}

/// The generator's state. Throws taper::Error if there is none.
template <class Impl>
Impl* check_generator(const std::optional<Generator>& generator) {
  static_assert(std::is_same_v<Impl, CPUGeneratorImpl>, "taper has CPU generators only");
  return detail::checked_generator(generator);
}

/// Seeds the default generator, which every random op uses that is given none (torch::manual_seed).
void manual_seed(std::uint64_t seed);

namespace detail {
Generator& default_cpu_generator();
// libtorch's names
inline Generator& getDefaultCPUGenerator() { return default_cpu_generator(); }
inline Generator createCPUGenerator(std::uint64_t seed = kDefaultSeed) {
  return make_generator(seed);
}
}  // namespace detail

/// libtorch's global object, as far as it leads to the default generator.
class Context {
 public:
  Generator& defaultGenerator(Device device) const;
  bool hasCUDA() const { return false; }
};
Context& globalContext();

}  // namespace taper
