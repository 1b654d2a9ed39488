# taper against libtorch: the programs are compiled with taper::torch always, and with libtorch where
# TAPER_PARITY asks for it; then what both record is compared.
set(parity_dir "${CMAKE_CURRENT_SOURCE_DIR}/parity")
file(GLOB parity_programs CONFIGURE_DEPENDS "${parity_dir}/*_program.cpp")
if(TAPER_SANITIZE)
  # The rows of the op table are compiled and run by test_op_table already.
  list(FILTER parity_programs EXCLUDE REGEX "/op_table_program.cpp$")
  set(parity_rows "")
else()
  file(GLOB parity_rows CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/op_table/rows_*.cpp")
  list(APPEND parity_rows "${CMAKE_CURRENT_SOURCE_DIR}/op_table/table.cpp")
endif()
file(GLOB parity_scripts CONFIGURE_DEPENDS "${parity_dir}/scripts/*.cpp")
set(parity_sources "${parity_dir}/recorder.cpp" ${parity_programs} ${parity_rows})
# The programs' names: X of PARITY_PROGRAM(X).
set(parity_names "")
foreach(source IN LISTS parity_programs)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
  file(STRINGS "${source}" lines REGEX "^PARITY_PROGRAM\\(")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^PARITY_PROGRAM\\(([a-z_0-9]+)\\).*" "\\1" name "${line}")
    list(APPEND parity_names "${name}")
  endforeach()
endforeach()

set(parity_libraries taper)
taper_add_test_program(parity_taper ${parity_sources})
target_link_libraries(parity_taper PRIVATE taper::torch)
target_precompile_headers(parity_taper PRIVATE "${parity_dir}/parity.h")
if(TAPER_PARITY)
  find_path(LIBTORCH_INCLUDE_DIR torch/torch.h PATH_SUFFIXES torch/csrc/api/include REQUIRED)
  find_library(LIBTORCH_LIBRARY torch REQUIRED)
  find_library(LIBTORCH_CPU_LIBRARY torch_cpu REQUIRED)
  find_library(LIBTORCH_C10_LIBRARY c10 REQUIRED)
  list(APPEND parity_libraries libtorch)
  add_library(parity_libtorch_library INTERFACE)
  target_include_directories(parity_libtorch_library SYSTEM INTERFACE "${LIBTORCH_INCLUDE_DIR}")
  target_link_libraries(parity_libtorch_library INTERFACE "${LIBTORCH_LIBRARY}"
                                                "${LIBTORCH_CPU_LIBRARY}" "${LIBTORCH_C10_LIBRARY}")
  target_compile_features(parity_libtorch_library INTERFACE cxx_std_17)
  add_executable(parity_libtorch ${parity_sources})
  target_link_libraries(parity_libtorch PRIVATE parity_libtorch_library)
  # libtorch's headers take 13 s and 1.1 GB to read: once, and few sources after that.
  target_precompile_headers(parity_libtorch PRIVATE "${parity_dir}/parity.h")
  list(LENGTH parity_sources count)
  math(EXPR batch "(${count} + 4) / 5")
  set_target_properties(parity_libtorch PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${batch})
endif()
foreach(library IN LISTS parity_libraries)
  target_include_directories(parity_${library} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  target_compile_definitions(parity_${library} PRIVATE OP_TABLE_OF_TORCH=1)
  target_compile_options(parity_${library} PRIVATE -O0 -g0)
  set(parity_out "${CMAKE_CURRENT_BINARY_DIR}/parity/${library}")
  file(MAKE_DIRECTORY "${parity_out}")
  foreach(name IN LISTS parity_names)
    add_test(NAME parity.${library}.${name} COMMAND parity_${library} "${parity_out}" ${name})
    set_tests_properties(
      parity.${library}.${name} PROPERTIES FIXTURES_SETUP parity_${name} TIMEOUT 600
                                           ENVIRONMENT "ATEN_CPU_CAPABILITY=avx2;OMP_NUM_THREADS=1")
  endforeach()
  foreach(source IN LISTS parity_scripts)
    cmake_path(GET source STEM name)
    if(library STREQUAL "taper")
      taper_add_test_program(parity_${library}_${name} "${source}")
      target_link_libraries(parity_${library}_${name} PRIVATE taper::torch)
      target_precompile_headers(parity_${library}_${name} REUSE_FROM parity_taper)
    else()
      add_executable(parity_${library}_${name} "${source}")
      target_link_libraries(parity_${library}_${name} PRIVATE parity_libtorch_library)
      target_precompile_headers(parity_${library}_${name} REUSE_FROM parity_libtorch)
    endif()
    # The precompiled header's flags.
    target_compile_definitions(parity_${library}_${name} PRIVATE OP_TABLE_OF_TORCH=1)
    target_compile_options(parity_${library}_${name} PRIVATE -O0 -g0)
    add_test(NAME parity.${library}.script_${name}
             COMMAND sh -c "exec \"$1\" > \"$2\"" sh "$<TARGET_FILE:parity_${library}_${name}>"
                     "${parity_out}/${name}.txt")
    set_tests_properties(
      parity.${library}.script_${name}
      PROPERTIES FIXTURES_SETUP parity_script_${name} TIMEOUT 600
                 ENVIRONMENT "ATEN_CPU_CAPABILITY=avx2;OMP_NUM_THREADS=1")
  endforeach()
endforeach()

if(TAPER_PARITY)
  add_executable(parity_compare "${parity_dir}/compare.cpp")
  target_compile_features(parity_compare PRIVATE cxx_std_20)
  target_include_directories(parity_compare PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  taper_set_flags(parity_compare)
  set(parity_out "${CMAKE_CURRENT_BINARY_DIR}/parity")
  foreach(name IN LISTS parity_names)
    add_test(NAME parity.compare.${name} COMMAND parity_compare "${parity_out}/taper"
                                                 "${parity_out}/libtorch" ${name})
    set_tests_properties(parity.compare.${name} PROPERTIES FIXTURES_REQUIRED parity_${name})
  endforeach()
  foreach(source IN LISTS parity_scripts)
    cmake_path(GET source STEM name)
    add_test(NAME parity.compare.script_${name}
             COMMAND parity_compare --text "${parity_out}/taper/${name}.txt"
                     "${parity_out}/libtorch/${name}.txt")
    set_tests_properties(parity.compare.script_${name} PROPERTIES FIXTURES_REQUIRED
                                                                  parity_script_${name})
  endforeach()
endif()
