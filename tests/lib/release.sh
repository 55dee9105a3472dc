# shellcheck shell=bash
# Sourced after packages.sh: builds with TLS to PostgreSQL, as it is packaged.

# release_has_tls: 0 when OpenSSL can be compiled in, after trying to install what that takes.
release_has_tls() {
  local probe='use FindBin; use IPC::Cmd; use File::Compare; use File::Copy; use Pod::Usage;'
  perl -e "$probe" 2>/dev/null && command -v make >/dev/null && return 0
  install_packages perl make && perl -e "$probe"
}

# build_with_tls OPTION…: builds insomnia-scim; without TLS to PostgreSQL where it cannot be had.
build_with_tls() {
  local features=
  if release_has_tls; then
    features=postgres-tls
  fi
  cargo build --locked --features "$features" "$@"
}

# release_build: builds target/release/insomnia-scim. Every script builds it by this one function, so that
# none replaces another's.
release_build() {
  build_with_tls --release
}

# checked_build: builds target/debug/insomnia-scim without optimizing, with checks of arithmetic and of what
# the code takes for granted.
checked_build() {
  build_with_tls
}
