# The part of scripts/demo with real Corosync nodes; to be sourced, not run.
# shellcheck shell=bash

readonly nodes=3

cluster_pid=
service_pids=()
service_urls=()
socket_directories=()

has_terminal() {
  [[ $check == no && -t 0 ]]
}

command_cluster() {
  if [[ -n ${CLUSTER[1]:-} ]]; then
    echo "$1" >&"${CLUSTER[1]}"
  fi
}

stop_corosync() {
  local pid
  for pid in "${service_pids[@]}"; do
    ! is_alive "$pid" || kill -TERM "$pid" 2>/dev/null || true
  done
  for pid in "${service_pids[@]}"; do
    stop_process "$pid" 10
  done
  if is_alive "$cluster_pid"; then
    command_cluster quit 2>/dev/null || true
    ends_within "$cluster_pid" 15 || stop_process "$cluster_pid" 10
  fi
  service_pids=() cluster_pid=''
}

start_cluster() {
  local line seconds=60 output
  say "starting $nodes Corosync nodes"
  coproc CLUSTER { exec "${java[@]}" "${tools[@]}" dev.cpg.test.CorosyncClusterMain --nodes "$nodes" 2>>"$work/cluster.log"; }
  cluster_pid=$CLUSTER_PID
  exec {output}<&"${CLUSTER[0]}"
  while IFS= read -r -t "$seconds" -u "$output" line; do
    printf '%s\n' "$line" >>"$work/cluster.log"
    if [[ $line =~ ^node\.([0-9]+)\.socket-directory=(.+)$ ]]; then
      socket_directories[BASH_REMATCH[1]]=${BASH_REMATCH[2]}
    elif [[ $line =~ ^node\.([0-9]+)\.log=(.+)$ ]]; then
      ln -s "${BASH_REMATCH[2]}" "$work/node-${BASH_REMATCH[1]}.log"
    elif [[ $line == ready ]]; then
      break
    fi
  done
  [[ ${line:-} == ready ]] || fail "the Corosync nodes did not become ready"
  if has_terminal; then
    cat <&"$output" &
  else
    cat <&"$output" >>"$work/cluster.log" &
  fi
  disown "$!"
  exec {output}<&-
}

# The signal at the parent's death makes sure that no service outlives this script, however it ends.
start_service() {
  local node=$1 port=$((first_port + $1 - 1))
  setpriv --pdeathsig TERM "${java[@]}" -jar "$jar" \
    --server.port="$port" --cpg.corosync.socket-directory="${socket_directories[node]}" \
    >"$work/service-$node.log" 2>&1 </dev/null &
  service_pids[node]=$!
  service_urls[node]=http://127.0.0.1:$port
  disown "$!"
}

start_services() {
  local node
  say "starting a service on each node"
  for ((node = 1; node <= nodes; node++)); do
    start_service "$node"
  done
  await_services 60 members "$nodes" "${service_urls[@]}"
}

await_services() {
  local node
  if ! "${java[@]}" "${tools[@]}" dev.cpg.demo.DemoCheck "$@" </dev/null; then
    for node in "${!service_pids[@]}"; do
      is_alive "${service_pids[node]}" || say "the service on node $node is not running"
    done
    fail "the demo does not behave as expected (see above)"
  fi
}

check_corosync() {
  local victim token
  say "asking each service for quorum and leader"
  token=$(await_services 30 leader 0 "${service_urls[@]}")

  say "sending through each service, at the same time"
  await_services 30 order "${service_urls[@]}"

  say "killing the service on node 3 (kill -9)"
  victim=$(await_services 10 address "${service_urls[3]}")
  kill -KILL "${service_pids[3]}"
  await_services 10 gone "$victim" PROCDOWN "${service_urls[1]}" "${service_urls[2]}"

  say "killing Corosync on node 1 (kill -9)"
  victim=$(await_services 10 address "${service_urls[1]}")
  command_cluster "kill 1"
  await_services 10 alone "${service_urls[1]}"
  await_services 30 gone "$victim" NODEDOWN "${service_urls[2]}"
  token=$(await_services 30 leader "$token" "${service_urls[2]}")

  say "starting Corosync on node 1 again"
  command_cluster "start 1"
  await_services 60 members 2 "${service_urls[1]}" "${service_urls[2]}"
  await_services 30 leader "$((token - 1))" "${service_urls[1]}" "${service_urls[2]}" >/dev/null
}

show_corosync() {
  local node command
  echo
  for ((node = 1; node <= nodes; node++)); do
    printf '  node %d  %s  (service: process %d)\n' "$node" "${service_urls[node]}" "${service_pids[node]}"
  done
  echo
  if has_terminal; then
    echo "Ctrl-C ends everything. Until then you can type: kill N, stop N, start N, pause N, resume N, cut N, heal N"
    echo "(N is a node), or end a service with kill -9 in another terminal, and see what the others report."
    while IFS= read -r -p '> ' command; do
      case $command in
        '') ;;
        quit | exit) return ;;
        *) command_cluster "$command" ;;
      esac
    done
  else
    echo "Ctrl-C ends everything."
  fi
  while is_alive "$cluster_pid"; do
    sleep 1
  done
  fail "the Corosync nodes ended"
}

demo_corosync() {
  set_up cluster
  can_make_nodes || fail "$(why_no_nodes)"
  prepare
  choose_port 8081 "$nodes"
  start_cluster
  start_services
  if [[ $check == yes ]]; then
    check_corosync
    stop_corosync
    echo "demo: corosync ok"
  else
    show_corosync
  fi
}
