# Functions of the scripts that start services and clusters; to be sourced, not run.
# shellcheck shell=bash

# Once a child is gone, its process id can belong to another process.
is_alive() {
  local key value
  [[ -n ${1:-} ]] && kill -0 "$1" 2>/dev/null || return 1
  # Not so under macOS, which has no /proc.
  [[ -r /proc/self/status ]] || return 0
  while read -r key value; do
    if [[ $key == PPid: && $value == "$$" ]]; then
      return 0
    fi
  done 2>/dev/null <"/proc/$1/status"
  return 1
}

ends_within() {
  local pid=$1 tenths=$((10 * $2))
  while is_alive "$pid"; do
    ((tenths-- > 0)) || return 1
    sleep 0.1
  done
}

stop_process() {
  local pid=$1 seconds=$2
  is_alive "$pid" || return 0
  kill -TERM "$pid" 2>/dev/null || true
  ends_within "$pid" "$seconds" || kill -KILL "$pid" 2>/dev/null || true
}

is_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
