# example_test(<name> PROGRAM <target> [ARGS ...] [EXIT <code>] [OUT <regex>...] [ERR <regex>...]
#              [FALLS <regex>] [AT_LEAST <regex> <number>] [FILES <name>...] [TIMEOUT <seconds>])
#
# Runs an example, in a folder of its own in the build tree, and checks its exit code (0), that each
# regex matches its stdout or stderr, that the number which FALLS' group catches is smaller at its
# last match than at its first, that the one of AT_LEAST ends no smaller than <number>, and that
# FILES were written. `;` separates list items, so no regex may hold one.
set(EXAMPLE_TEST_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/expect.cmake")

function(example_test name)
  cmake_parse_arguments(test "" "PROGRAM;EXIT;FALLS;TIMEOUT" "ARGS;OUT;ERR;AT_LEAST;FILES" ${ARGN})
  if(NOT DEFINED test_EXIT)
    set(test_EXIT 0)
  endif()
  if(NOT DEFINED test_TIMEOUT)
    set(test_TIMEOUT 300)
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/test_output/${name}")
  add_test(
    NAME example.${name}
    COMMAND
      ${CMAKE_COMMAND} "-DPROGRAM=$<TARGET_FILE:${test_PROGRAM}>" "-DARGS=${test_ARGS}"
      "-DEXIT=${test_EXIT}" "-DOUT=${test_OUT}" "-DERR=${test_ERR}" "-DFALLS=${test_FALLS}"
      "-DAT_LEAST=${test_AT_LEAST}" "-DFILES=${test_FILES}" "-DFOLDER=${folder}" -P
      "${EXAMPLE_TEST_SCRIPT}")
  set_tests_properties(example.${name} PROPERTIES TIMEOUT ${test_TIMEOUT} LABELS example)
endfunction()
