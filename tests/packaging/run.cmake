# One packaging test: configures, builds and runs the consumer.
#   cmake -DMODE=package|subdirectory|pkg-config -DWORK=... -DSTANDARD=17|20 [...] -P run.cmake
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "failed (${result}): ${command}")
  endif()
endfunction()

set(consumer "${CMAKE_CURRENT_LIST_DIR}/consumer")
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
set(ENV{LD_LIBRARY_PATH} "${PREFIX}/${LIBDIR}")

if(MODE STREQUAL "pkg-config")
  set(ENV{PKG_CONFIG_PATH} "${PREFIX}/${LIBDIR}/pkgconfig")
  foreach(program IN ITEMS consumer consumer_torch)
    set(source main.cpp)
    set(module taper)
    if(program STREQUAL "consumer_torch")
      set(source torch.cpp)
      set(module taper-torch)
    endif()
    execute_process(
      COMMAND pkg-config ${PKG_CONFIG_OPTIONS} --cflags --libs ${module}
      OUTPUT_VARIABLE flags
      OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    run("${CXX}" -std=c++${STANDARD} "${consumer}/${source}" ${flags} -o "${WORK}/${program}")
  endforeach()
else()
  set(options -G Ninja -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_STANDARD=${STANDARD})
  set(ENV{CMAKE_CXX_COMPILER_LAUNCHER} "${LAUNCHER}")
  if(MODE STREQUAL "package")
    list(APPEND options -DTAPER_FROM=package -DCMAKE_PREFIX_PATH=${PREFIX}
         -DCMAKE_BUILD_TYPE=Release)
  else()
    # The quickest build of the library there is, since this test makes one from the beginning.
    list(APPEND options -DTAPER_FROM=subdirectory -DTAPER_SOURCE=${SOURCE} -DBUILD_SHARED_LIBS=OFF
         -DCMAKE_BUILD_TYPE=Debug -DTAPER_FEW_TARGETS=ON -DTAPER_INSTALL=ON)
  endif()
  run("${CMAKE_COMMAND}" -S "${consumer}" -B "${WORK}" ${options})
  run("${CMAKE_COMMAND}" --build "${WORK}")
endif()
run("${WORK}/consumer")
run("${WORK}/consumer_torch")
