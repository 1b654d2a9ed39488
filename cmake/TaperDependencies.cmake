# What taper is built from; all of it is private to the library. The targets are global because a
# static taper names them in its link interface, which a parent project then has to resolve.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED GLOBAL)
find_package(fmt 9 REQUIRED GLOBAL)
find_package(nlohmann_json 3.11 REQUIRED GLOBAL)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET GLOBAL openblas)
pkg_check_modules(LIBHWY REQUIRED IMPORTED_TARGET GLOBAL libhwy>=1.0.3)

# ccache where there is one. The base folder lets all build folders share their objects.
find_program(TAPER_CCACHE ccache)
if(PROJECT_IS_TOP_LEVEL AND TAPER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${TAPER_CCACHE})
endif()

# GCC's own reader of stacks and debug information, for anomaly mode; it comes with the compiler,
# which knows where it is.
include(CheckCXXSourceCompiles)
set(TAPER_BACKTRACE backtrace)
set(CMAKE_REQUIRED_LIBRARIES ${TAPER_BACKTRACE})
check_cxx_source_compiles(
  "#include <backtrace.h>
int main() { return backtrace_create_state(nullptr, 1, nullptr, nullptr) == nullptr; }"
  TAPER_HAS_BACKTRACE)
unset(CMAKE_REQUIRED_LIBRARIES)
if(NOT TAPER_HAS_BACKTRACE)
  message(FATAL_ERROR "taper needs libbacktrace, which comes with GCC (Debian: libgcc-12-dev)")
endif()
