#!/bin/sh
# Starts a server, waits until it answers, and checks what it serves. Everything comes from the environment:
# URL, and COMMAND, WAIT_FOR, WAIT_SECONDS and ARGUMENTS, which may be empty.
set -eu
set -f

log=$(mktemp)
server=
end() {
  if [ -n "$server" ]; then
    # The server may have started others: with setsid all of them are one group. A second is what it gets to end.
    kill -- "-$server" 2>/dev/null || kill "$server" 2>/dev/null || true
    sleep 1
    kill -s KILL -- "-$server" 2>/dev/null || kill -s KILL "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -f "$log"
}
trap end EXIT

if [ -n "${COMMAND:-}" ]; then
  if command -v setsid >/dev/null; then
    setsid sh -c "$COMMAND" >"$log" 2>&1 &
  else
    sh -c "$COMMAND" >"$log" 2>&1 &
  fi
  server=$!
fi

until=$(($(date +%s) + ${WAIT_SECONDS:-60}))
while ! curl --silent --output /dev/null --max-time 5 "${WAIT_FOR:-$URL}"; do
  if [ -n "$server" ] && ! kill -0 "$server" 2>/dev/null; then
    echo "::error::The server ended before it answered. It said:"
    cat "$log"
    exit 2
  fi
  if [ "$(date +%s)" -ge "$until" ]; then
    echo "::error::Nothing answered at ${WAIT_FOR:-$URL} within ${WAIT_SECONDS:-60} seconds. The server said:"
    cat "$log"
    exit 2
  fi
  sleep 1
done

# Word by word: what has spaces in it belongs into chatkit-doctor.toml.
# shellcheck disable=SC2086
chatkit-doctor check "$URL" ${ARGUMENTS:-}
