# Keeps one PostgreSQL for as long as standard input stays open, then stops exactly that one and deletes its folder.
# However the process that started it ends, its end of the pipe closes: nothing is ever left running.
# Says "ready" when the server answers, or prints its log and fails.
set -eu
programs=$1 folder=$2 port=$3

finish() {
    if [ -f "$folder/data/postmaster.pid" ]; then
        "$programs/pg_ctl" stop --pgdata="$folder/data" --mode=immediate --silent >/dev/null 2>&1 || :
    fi
    rm -rf "$folder" 2>/dev/null || :
}
trap finish EXIT

fail() {
    cat "$folder/log"
    exit 1
}

"$programs/initdb" --pgdata="$folder/data" --username=folkmoot --auth=trust --encoding=UTF8 --locale=C \
    --no-sync >"$folder/log" 2>&1 || fail

# What is in it is worth nothing after the run, so it need not survive a power cut: no fsync, no archives.
cat >>"$folder/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
max_connections = 300
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = on
SETTINGS

"$programs/pg_ctl" start --pgdata="$folder/data" --log="$folder/log" --wait --timeout=60 --silent \
    </dev/null >/dev/null 2>&1 || fail

echo ready
cat >/dev/null
