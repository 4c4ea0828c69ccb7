#!/usr/bin/env bash
# What the tests need of the system: Debian's chromium for the page, LibreOffice's writer for old Word files. Installs what is missing where it
# may be installed; otherwise says which package is needed.
set -u
has() {
  for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return 0; done
  return 1
}
want() { # package, what it is for, commands of which one is enough
  local package=$1 purpose=$2
  shift 2
  has "$@" && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $package for $purpose"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
      { apt-get -o DPkg::Lock::Timeout=300 update -qq && apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$package"; } >/dev/null 2>&1
    has "$@" && return 0
  fi
  echo "Needed for $purpose: the package $package (Debian: apt-get install $package); without it those tests fail."
}
want chromium "the test of the page" chromium chromium-browser google-chrome
want libreoffice-writer "the tests of old Word files" soffice libreoffice
