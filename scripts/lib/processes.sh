# Functions of the scripts that start services and clusters; to be sourced, not run.
# shellcheck shell=bash

# Once a child is gone, its process id can belong to another process.
is_alive() {
  [[ -n ${1:-} ]] && grep -qsx "PPid:[[:space:]]*$$" "/proc/$1/status"
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
