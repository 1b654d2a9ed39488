# What taper is built from; all of it is private to the library.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
pkg_check_modules(LIBHWY REQUIRED IMPORTED_TARGET libhwy>=1.0.3)
