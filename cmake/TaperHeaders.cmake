# "taper/<room>/..." in the build tree: links in build/include/taper, made when configuring.
set(TAPER_INCLUDE_DIR "${CMAKE_CURRENT_BINARY_DIR}/include")
set(TAPER_ROOMS tensor autograd io nn optim)
file(MAKE_DIRECTORY "${TAPER_INCLUDE_DIR}/taper")
foreach(entry IN LISTS TAPER_ROOMS ITEMS taper.h)
  # A link may dangle until its room is there.
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}/${entry}" "${TAPER_INCLUDE_DIR}/taper/${entry}"
       SYMBOLIC)
endforeach()
