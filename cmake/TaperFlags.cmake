# Release is -O2: CMake's own default for it is -O3, which only the kernels earn.
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
endif()

set(taper_sanitize_flags "")
if(TAPER_SANITIZE)
  list(JOIN TAPER_SANITIZE "," taper_sanitize_names)
  set(taper_sanitize_flags -fsanitize=${taper_sanitize_names} -fno-omit-frame-pointer)
  if("undefined" IN_LIST TAPER_SANITIZE)
    list(APPEND taper_sanitize_flags -fno-sanitize-recover=all)
  endif()
endif()

# Warnings and sanitizers for one of our own targets.
function(taper_set_flags target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion
                                           $<$<BOOL:${TAPER_WERROR}>:-Werror>)
  if(TAPER_SANITIZE)
    # TAPER_SANITIZED turns the allocator and node pools off: they would hide what is looked for.
    target_compile_definitions(${target} PRIVATE TAPER_SANITIZED=1)
    # GCC's own advice: instrumented code makes -Wmaybe-uninitialized see what is not there.
    target_compile_options(${target} PRIVATE ${taper_sanitize_flags} -Wno-maybe-uninitialized)
    target_link_options(${target} PRIVATE ${taper_sanitize_flags})
  endif()
endfunction()

# A program of ours (test, example, benchmark) that links taper.
function(taper_add_program target)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE taper::taper)
  target_compile_features(${target} PRIVATE cxx_std_20)
  taper_set_flags(${target})
endfunction()

# -ffp-contract=off: whether a * b + c is fused is said in the code (MulAdd), not left to the
# compiler, or the same formula would round differently for each instruction set.
function(taper_set_kernel_flags target sources)
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  # -Wno-psabi: a note about vectors passed by value, which never leave the library.
  set(options "$<$<CONFIG:Release>:-O3>" -fno-math-errno -Wno-psabi)
  if(TAPER_SANITIZE)
    # The rest of a sanitized build is not optimized, for quick compiles; loops have to be.
    list(APPEND options -O1)
  endif()
  if(TAPER_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Guards around every spilled vector and checks of every reference to one make these sources
    # compile four times as long; the heap, integers, shifts and bounds stay watched.
    if("address" IN_LIST TAPER_SANITIZE)
      list(APPEND options --param=asan-stack=0)
    endif()
    if("undefined" IN_LIST TAPER_SANITIZE)
      list(APPEND options
           "-fno-sanitize=null,alignment,object-size,vptr,return,unreachable,pointer-overflow")
    endif()
  endif()
  set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS "${options}")
  # The rest of Highway's x86 targets double the build's time and gain nothing measurable here.
  # The better a target the lower its bit, so 2 * X - 1 is X and all above it, known here or not.
  set(disabled "HWY_SSSE3|HWY_SSE4|(2*HWY_AVX3_DL-1)")
  if(TAPER_FEW_TARGETS OR TAPER_SANITIZE)
    string(APPEND disabled "|(2*HWY_AVX3-1)")
  endif()
  target_compile_definitions(${target} PRIVATE "HWY_DISABLED_TARGETS=(${disabled})")
endfunction()

# Only taper's own names leave the shared library. Names that the standard library, fmt or Highway
# instantiated inside it stay local, so that a program's own copies never meet ours.
function(taper_limit_exports target)
  get_target_property(type ${target} TYPE)
  if(NOT type STREQUAL "SHARED_LIBRARY")
    return()
  endif()
  set(script "${CMAKE_CURRENT_SOURCE_DIR}/cmake/taper.map")
  # Our own calls bind to our own functions, without a detour through the symbol table.
  target_compile_options(${target} PRIVATE -fvisibility-inlines-hidden -fno-semantic-interposition)
  target_link_options(${target} PRIVATE "LINKER:--version-script=${script}"
                      "LINKER:-Bsymbolic-functions")
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${script}")
endfunction()
