# The rules of the house that a script can read off the files.
set(house "${CMAKE_CURRENT_SOURCE_DIR}/house")
add_test(NAME house.include_direction COMMAND bash "${house}/include_direction.sh"
                                              "${PROJECT_SOURCE_DIR}")
# The same check over a tree that breaks the rules, so that it is known to fail.
add_test(NAME house.include_direction_sees COMMAND bash "${house}/include_direction.sh"
                                                   "${house}/bad_tree")
set_tests_properties(house.include_direction_sees PROPERTIES PASS_REGULAR_EXPRESSION
                                                             "3 includes read, 3 wrong")
add_test(NAME house.file_length COMMAND bash "${house}/file_length.sh" "${PROJECT_SOURCE_DIR}" 600)
add_test(NAME house.file_length_sees COMMAND bash "${house}/file_length.sh" "${house}/bad_tree" 1)
set_tests_properties(house.file_length_sees PROPERTIES PASS_REGULAR_EXPRESSION
                                                       "3 files read, 3 too long")
add_test(NAME house.line_counts COMMAND bash "${PROJECT_SOURCE_DIR}/scripts/count-lines" --check)

if(TAPER_INSTALL AND BUILD_SHARED_LIBS AND NOT TAPER_SANITIZE)
  add_test(NAME house.exported_symbols COMMAND bash "${house}/exported_symbols.sh"
                                               "$<TARGET_FILE:taper>")
  add_test(
    NAME house.public_headers
    COMMAND bash "${house}/public_headers.sh"
            "${CMAKE_BINARY_DIR}/packaging/shared/${CMAKE_INSTALL_INCLUDEDIR}"
            "${CMAKE_CXX_COMPILER}")
  set_tests_properties(house.public_headers PROPERTIES FIXTURES_REQUIRED taper_shared PROCESSORS 2)
endif()
