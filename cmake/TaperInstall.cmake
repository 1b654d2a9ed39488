# Headers, find_package(taper) and pkg-config taper.
include(CMakePackageConfigHelpers)

# Which headers are public is read off their #include lines when installing.
install(
  CODE "set(TAPER_HEADERS_FROM \"${CMAKE_CURRENT_SOURCE_DIR}\")
set(TAPER_HEADERS_TO \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}/taper\")")
install(SCRIPT cmake/install_headers.cmake)

set(taper_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/taper")
install(TARGETS taper taper_torch EXPORT taperTargets)
install(DIRECTORY dropin/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/taper-torch")
install(EXPORT taperTargets NAMESPACE taper:: DESTINATION "${taper_cmake_dir}")
if(BUILD_SHARED_LIBS)
  set(TAPER_IS_STATIC OFF)
  set(taper_pc_requires_private "")
  set(taper_pc_libs_private "")
else()
  set(TAPER_IS_STATIC ON)
  set(taper_pc_requires_private "openblas libhwy >= 1.0.3")
  set(taper_pc_libs_private "-pthread -lbacktrace -ldl")
endif()
configure_package_config_file(
  cmake/taperConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/taperConfig.cmake"
  INSTALL_DESTINATION "${taper_cmake_dir}")
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/taperConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/taperConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/taperConfigVersion.cmake"
        DESTINATION "${taper_cmake_dir}")

# The prefix is written by an install step, so that `cmake --install --prefix` is heard.
foreach(name IN ITEMS taper taper-torch)
  install(
    CODE "set(TAPER_PC_IN \"${CMAKE_CURRENT_SOURCE_DIR}/cmake/${name}.pc.in\")
set(TAPER_PC \"${CMAKE_CURRENT_BINARY_DIR}/${name}.pc\")
set(TAPER_PC_LIBDIR \"${CMAKE_INSTALL_LIBDIR}\")
set(TAPER_PC_INCLUDEDIR \"${CMAKE_INSTALL_INCLUDEDIR}\")
set(TAPER_PC_DESCRIPTION \"${PROJECT_DESCRIPTION}\")
set(TAPER_PC_VERSION \"${PROJECT_VERSION}\")
set(TAPER_PC_REQUIRES_PRIVATE \"${taper_pc_requires_private}\")
set(TAPER_PC_LIBS_PRIVATE \"${taper_pc_libs_private}\")
configure_file(\"\${TAPER_PC_IN}\" \"\${TAPER_PC}\" @ONLY)")
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc"
          DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()
