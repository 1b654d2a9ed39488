# Each way to use taper builds and runs a small consumer. Only where the library is plain: a
# sanitized one would ask the consumer for the sanitizer's flags.
if(TAPER_SANITIZE OR NOT TAPER_INSTALL OR NOT BUILD_SHARED_LIBS)
  return()
endif()

set(packaging_dir "${CMAKE_BINARY_DIR}/packaging")

function(taper_packaging_test name)
  cmake_parse_arguments(arg "" "MODE;STANDARD;PREFIX;FIXTURE;SETUP" "OPTIONS" ${ARGN})
  add_test(
    NAME packaging.${name}
    COMMAND
      "${CMAKE_COMMAND}" -DMODE=${arg_MODE} -DWORK=${packaging_dir}/${name}
      -DSTANDARD=${arg_STANDARD} -DPREFIX=${packaging_dir}/${arg_PREFIX} -DCXX=${CMAKE_CXX_COMPILER}
      "-DLAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}" -DLIBDIR=${CMAKE_INSTALL_LIBDIR}
      -DSOURCE=${PROJECT_SOURCE_DIR} ${arg_OPTIONS} -P
      ${PROJECT_SOURCE_DIR}/tests/packaging/run.cmake)
  set_tests_properties(
    packaging.${name} PROPERTIES FIXTURES_REQUIRED "${arg_FIXTURE}" FIXTURES_SETUP "${arg_SETUP}"
                                 TIMEOUT 600)
endfunction()

add_test(NAME packaging.install_shared COMMAND "${CMAKE_COMMAND}" --install "${CMAKE_BINARY_DIR}"
                                               --prefix "${packaging_dir}/shared")
set_tests_properties(packaging.install_shared PROPERTIES FIXTURES_SETUP taper_shared)
taper_packaging_test(find_package MODE package STANDARD 17 PREFIX shared FIXTURE taper_shared)
taper_packaging_test(pkg_config MODE pkg-config STANDARD 20 PREFIX shared FIXTURE taper_shared)

# One more build of the library, as a static one inside another project; what it makes is then
# installed for the two static cases.
taper_packaging_test(add_subdirectory MODE subdirectory STANDARD 20 SETUP taper_subdirectory)
set_tests_properties(packaging.add_subdirectory PROPERTIES PROCESSORS 2)
add_test(NAME packaging.install_static
         COMMAND "${CMAKE_COMMAND}" --install "${packaging_dir}/add_subdirectory" --prefix
                 "${packaging_dir}/static")
set_tests_properties(packaging.install_static PROPERTIES FIXTURES_REQUIRED taper_subdirectory
                                                         FIXTURES_SETUP taper_static)
taper_packaging_test(find_package_static MODE package STANDARD 17 PREFIX static FIXTURE
                     taper_static)
taper_packaging_test(
  pkg_config_static MODE pkg-config STANDARD 17 PREFIX static FIXTURE taper_static OPTIONS
  -DPKG_CONFIG_OPTIONS=--static)
