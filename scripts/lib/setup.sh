# Set-up that the scripts share; to be sourced, not run.
# shellcheck shell=bash

say() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

fail() {
  say "$*"
  exit 1
}

jdk_version_builds() {
  [[ $1 =~ ^([0-9]+) ]] && ((BASH_REMATCH[1] >= 17))
}

# NullAway's JSpecify mode reads annotations that older javacs drop from class files, and newer ones have not been
# tried with Error Prone. The pom's profile "analysis" has the same versions.
jdk_version_analyses() {
  local version=$1 feature update
  [[ $version =~ ^([0-9]+)(\.[0-9]+)?(\.([0-9]+))? ]] || return 1
  feature=${BASH_REMATCH[1]} update=${BASH_REMATCH[4]:-0}
  case $feature in
    17) ((update >= 19)) ;;
    21) ((update >= 8)) ;;
    *) ((feature >= 22 && feature <= 25)) ;;
  esac
}

jdk_version() {
  local line
  if [[ -f $1/release ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      [[ $line =~ ^JAVA_VERSION=\"(.*)\" ]] && printf '%s\n' "${BASH_REMATCH[1]}"
    done <"$1/release"
  fi
  return 0
}

# Prints the home of a JDK that can compile this project, if possible with the analysis: the user's choice, else what is
# on the PATH, else an installed 17, else anything newer.
find_jdk() {
  local home suits on_path= chosen=
  if command -v javac >/dev/null; then
    on_path=$(readlink -f "$(command -v javac)" 2>/dev/null) || true
    on_path=${on_path%/bin/javac}
  fi
  if [[ -x /usr/libexec/java_home ]]; then
    chosen=$(/usr/libexec/java_home -v 17+ 2>/dev/null) || true
  fi
  for suits in jdk_version_analyses jdk_version_builds; do
    for home in "${JAVA_HOME:-}" "$on_path" "$chosen" /usr/lib/jvm/*17* /usr/lib/jvm/*; do
      if [[ -n $home && -x $home/bin/javac && -x $home/bin/javadoc ]] && "$suits" "$(jdk_version "$home")"; then
        printf '%s\n' "$home"
        return
      fi
    done
  done
  return 1
}

# Has JAVA_HOME name a JDK. Nothing is installed for it.
use_jdk() {
  JAVA_HOME=$(find_jdk) || fail "no JDK 17 or newer was found; install one and set JAVA_HOME to it"
  export JAVA_HOME
  say "using JDK $(jdk_version "$JAVA_HOME") in $JAVA_HOME"
  # These two warn of what Maven 3.9 itself does, each time that it runs.
  if [[ $(jdk_version "$JAVA_HOME") =~ ^2[45]([.+]|$) ]]; then
    export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
  fi
}

# Prints the package of a JDK that suits, in the version that this distribution has now.
jdk_package() {
  local feature candidate
  for feature in 17 21 25; do
    candidate=$(apt-cache policy "openjdk-$feature-jdk-headless" 2>/dev/null | sed -n 's/^ *Candidate: //p')
    if jdk_version_builds "${candidate:-none}"; then
      printf 'openjdk-%s-jdk-headless\n' "$feature"
      return
    fi
  done
  return 1
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# Running a demo or a test must not leave a daemon running.
stop_service() {
  if [[ -d /run/systemd/system ]]; then
    say "stopping the $1 service of the package: only the program is needed here"
    as_root systemctl disable --now "$1.service" >&2 || say "the service could not be stopped; it does no harm"
  fi
}

has_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

install_packages() {
  local packages=("$@") wanted="${*/jdk/a JDK (17 or newer)}" package had_corosync=no had_postgres=no
  command -v apt-get >/dev/null ||
    fail "missing: $wanted; this is neither Debian nor Ubuntu, so please install it with your system's tools"
  ((EUID == 0)) || command -v sudo >/dev/null ||
    fail "missing: $wanted; you are not root and there is no sudo, so ask root to install it"
  command -v corosync >/dev/null && had_corosync=yes
  has_postgres && had_postgres=yes

  say "looking up the packages of the distribution: $wanted"
  as_root apt-get -qq update >&2 ||
    fail "missing: $wanted; 'apt-get update' failed (see above)"
  for package in "${!packages[@]}"; do
    if [[ ${packages[package]} == jdk ]]; then
      packages[package]=$(jdk_package) ||
        fail "this distribution has no JDK 17 or newer; install one and set JAVA_HOME to it"
    fi
  done
  say "installing ${packages[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "${packages[@]}" >&2 ||
    fail "the packages ${packages[*]} could not be installed (see above)"

  if [[ $had_corosync == no ]] && command -v corosync >/dev/null; then
    stop_service corosync
  fi
  if [[ $had_postgres == no ]] && has_postgres; then
    stop_service postgresql
  fi
}

has_header() {
  echo "#include <$1>" | gcc -E - >/dev/null 2>&1
}

has_browser() {
  command -v chromedriver >/dev/null && { command -v chromium || command -v google-chrome; } >/dev/null
}

# Only Debian has the browser and its driver as packages.
is_debian() {
  [[ -f /etc/os-release && $(source /etc/os-release && echo "${ID:-}") == debian ]]
}

# Installs what the build needs, and what the arguments name:
# "cluster" for real Corosync nodes, "interop" for C programs that use libcpg, "browser" for the demo's page, "postgres" for
# a PostgreSQL server.
set_up() {
  local missing=() command
  # Debian keeps corosync and ip where an ordinary user's PATH does not look.
  export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
  find_jdk >/dev/null || missing+=(jdk)
  if [[ " $* " == *" cluster "* ]]; then
    command -v corosync >/dev/null || missing+=(corosync)
    command -v ip >/dev/null || missing+=(iproute2)
    for command in unshare nsenter setpriv; do
      command -v "$command" >/dev/null || { missing+=(util-linux) && break; }
    done
    command -v mount >/dev/null || missing+=(mount)
  fi
  if [[ " $* " == *" interop "* ]]; then
    command -v gcc >/dev/null || missing+=(gcc)
    has_header stdio.h || missing+=(libc6-dev)
    has_header corosync/cpg.h || missing+=(libcpg-dev)
  fi
  if [[ " $* " == *" browser "* ]] && ! has_browser; then
    if is_debian; then
      missing+=(chromium chromium-driver)
    else
      say "there is no chromium or google-chrome with chromedriver here, which the tests of the demo's page use"
    fi
  fi
  if [[ " $* " == *" postgres "* ]]; then
    has_postgres || missing+=(postgresql)
  fi
  if ((${#missing[@]} > 0)); then
    install_packages "${missing[@]}"
  fi
  use_jdk
  # Where Apache's archive cannot be reached, any Maven that is set up for this machine fetches the pinned one.
  ./mvnw --version >/dev/null || install_packages maven
}

# Prints the properties that turn on the checks of the build, as far as the JDK supports them.
checks() {
  local version
  version=$(jdk_version "$JAVA_HOME")
  if jdk_version_analyses "$version"; then
    printf '%s\n' -Dchecks -Danalysis
  else
    say "JDK $version builds without Error Prone and NullAway, which need 17.0.19, 21.0.8, or 22 to 25"
    printf '%s\n' -Dchecks
  fi
}

# Tries what a cluster of real nodes consists of: namespaces with a network of their own.
can_make_nodes() {
  unshare --user --map-root-user --net --mount --pid --fork --kill-child sh -c '
    ip link add probe type bridge && ip link add probe0 type veth peer name probe1 && mount -t tmpfs none /run' \
    >/dev/null 2>&1
}

why_no_nodes() {
  local how="a container, perhaps: it needs the right to make user namespaces, as --privileged gives it"
  if [[ $(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null) == 1 && $EUID != 0 ]]; then
    how="run it as root, or allow it with: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
  elif [[ $(cat /proc/sys/kernel/unprivileged_userns_clone 2>/dev/null) == 0 && $EUID != 0 ]]; then
    how="run it as root, or allow it with: sudo sysctl kernel.unprivileged_userns_clone=1"
  fi
  printf 'this machine does not let you make user namespaces with a network of their own (%s)\n' "$how"
}
