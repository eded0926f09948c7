#!/bin/bash
# Measures Dateline beside the peers' benchmark, whose folder PEERS names. usage: PEERS=FOLDER benches/run.sh [options of its run.py]
#   --size S|L      10,000 articles and what belongs to them, or ten times that (default S)
#   SETUP=0         the peers are built and their data is loaded already
#   BENCH_WORK, BENCH_PGPORT and TMPDIR as in the peers' benchmark
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${PEERS:?name the folder of the peers benchmark}"
export BENCH_WORK=${BENCH_WORK:-${TMPDIR:-/tmp}/kb-bench} BENCH_PGPORT=${BENCH_PGPORT:-54321}
size=S; for ((i = 1; i < $#; i++)); do [ "${!i}" != --size ] || { j=$((i + 1)); size=${!j}; }; done

[ "${SETUP:-1}" = 0 ] || "$PEERS/setup.sh" "$size"
(cd "$here/.." && cargo build --release --quiet)
binary=${CARGO_TARGET_DIR:-$here/../target}/release/dateline

# what Dateline reads: the same records, brought in through its own import
lines=$BENCH_WORK/dateline-$size.jsonl
[ -s "$lines" ] || { python3 "$here/convert.py" "$BENCH_WORK/csv-$size" --check > "$lines.part" && mv "$lines.part" "$lines"; }
admin=postgres://bench@127.0.0.1:$BENCH_PGPORT/postgres
pg=postgres://bench@127.0.0.1:$BENCH_PGPORT/dateline_${size,,}
file=$BENCH_WORK/dateline-$size.db
import() {
  local began ended
  began=$(date +%s%N); "$binary" import "$lines" --database "$2" > /dev/null; ended=$(date +%s%N)
  awk -v what="$1" -v n="$(wc -l < "$lines")" -v ns=$((ended - began)) \
    'BEGIN { printf "import into %s: %d records in %.1f s, %d a second\n", what, n, ns / 1e9, n / (ns / 1e9) }'
}
if [ "${IMPORT:-1}" = 1 ]; then
  rm -f "$file" "$file-wal" "$file-shm"
  import SQLite "sqlite://$file"
  python3 "$here/import.py" "$binary" "$lines"
  psql -qX "$admin" -c "drop database if exists dateline_${size,,}" -c "create database dateline_${size,,}"
  import Postgres "$pg"
  psql -qX "$pg" -c "vacuum analyze" -c checkpoint
fi

# writing takes a token, and is compared with a limit that waits for the disk as Dateline does
export DATELINE_ADMIN_TOKEN=${DATELINE_ADMIN_TOKEN:-benchmark-token-for-this-machine-only} SYNC=full

servers=()
trap '[ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null || true' EXIT
serve() {
  "$binary" serve --log warn --database "$1" --listen "127.0.0.1:$2" > "$BENCH_WORK/dateline-$2.log" 2>&1 &
  servers+=($!)
  for _ in $(seq 100); do curl -fso /dev/null "http://127.0.0.1:$2/readyz" && return; sleep .1; done
  echo "the server on port $2 does not get ready; see $BENCH_WORK/dateline-$2.log" >&2; exit 1
}
serve "$pg" 8051
serve "sqlite://$file" 8052
# the same with ids of the client's making, which go anywhere in the trees of ids
given=$BENCH_WORK/dateline-given-id
mkdir -p "$given" && cp "$here/queries/q1.graphql" "$given" && cp "$here/queries/q6-given-id.graphql" "$given/q6.graphql"
python3 "$here/run.py" "$PEERS" \
  --add "dateline-pg=http://127.0.0.1:8051/graphql,$here/queries,${servers[0]}" \
  --add "dateline-sqlite=http://127.0.0.1:8052/graphql,$here/queries,${servers[1]}" \
  --add "dateline-pg-given-id=http://127.0.0.1:8051/graphql,$given,${servers[0]}" \
  --add "dateline-sqlite-given-id=http://127.0.0.1:8052/graphql,$given,${servers[1]}" \
  --only limit-pg,limit-sqlite,postgraphile --queries q1,q2,q3,q4,q5,q6 "$@"
