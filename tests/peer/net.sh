#!/usr/bin/env bash
# Runs one command in a world of its own: real TLS on port 443 and real host names on one machine,
# with nothing host-wide touched. When the command ends, everything it started ends with it.
#
#   bash tests/peer/net.sh WORKDIR [name=address ...] -- command [argument ...]
#
# WORKDIR receives `hosts`, `ca.pem` and, for each name, `<name>.pem` and `<name>.key`; they are made
# anew at every run and belong nowhere else. Inside, `lo` is the only network: all of 127.0.0.0/8 is there
# and nothing else, so the names below are the whole internet, and no port of the host can be reached
# (a unix socket can). Needs Linux, util-linux and openssl; root, or unprivileged user namespaces.
#
# To stop it from outside send SIGKILL to this process: the kernel then ends everything inside.
set -euo pipefail

usage() {
    echo "usage: bash net.sh WORKDIR [name=address ...] -- command [argument ...]" >&2
    exit 2
}

# A certificate authority that lives as long as the test, and one certificate for each name.
make_certificates() {
    local work=$1 name key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    shift
    openssl req -x509 "${key[@]}" -days 2 -subj "/CN=Folkmoot test authority" -extensions authority \
        -config <(printf '%s\n' '[req]' 'distinguished_name=name' '[name]' '[authority]' \
            'basicConstraints=critical,CA:TRUE' 'keyUsage=critical,keyCertSign' 'subjectKeyIdentifier=hash') \
        -keyout "$work/ca.key" -out "$work/ca.pem"
    for name in "$@"; do
        openssl req "${key[@]}" -subj "/CN=$name" -keyout "$work/$name.key" -out "$work/$name.csr"
        openssl x509 -req -in "$work/$name.csr" -days 2 -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial \
            -extfile <(printf '%s\n' "subjectAltName=DNS:$name" 'basicConstraints=critical,CA:FALSE' \
                'extendedKeyUsage=serverAuth') -out "$work/$name.pem"
        rm "$work/$name.csr"
    done
}

# The second half runs here, as process 1 of the new world.
if [[ "${1:-}" == "--inside" ]]; then
    work=$2
    shift 2
    ip link set lo up
    mount --bind "$work/hosts" /etc/hosts
    here=$(cd "$(dirname "$0")" && pwd)
    export NODE_EXTRA_CA_CERTS="$work/ca.pem" # Node
    export SSL_CERT_FILE="$work/ca.pem"       # openssl, rustls-native-certs
    export CURL_CA_BUNDLE="$work/ca.pem"      # curl
    export PATH="$here/node_modules/.bin:$PATH" # the Node that package.json asks for
    unset SSL_CERT_DIR http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
    "$@" # not `exec`: process 1 ignores signals that it does not handle
    exit
fi

[[ $# -ge 1 ]] || usage
mkdir -p "$1"
work=$(cd "$1" && pwd)
shift
names=()
while [[ $# -gt 0 && "$1" != "--" ]]; do
    [[ "$1" == *=* ]] || usage
    names+=("$1")
    shift
done
[[ $# -ge 2 ]] || usage
shift
[[ ${#names[@]} -gt 0 ]] || names=(moot.test=127.0.1.1 fedify.test=127.0.1.2 second.test=127.0.1.3)

echo "127.0.0.1 localhost" >"$work/hosts"
for pair in "${names[@]}"; do echo "${pair#*=} ${pair%%=*}" >>"$work/hosts"; done
make_certificates "$work" "${names[@]%%=*}" 2>"$work/openssl.log" || { cat "$work/openssl.log" >&2; exit 1; }

as_root=()
[[ $EUID -eq 0 ]] || as_root=(--map-root-user)
exec unshare "${as_root[@]}" --mount --net --pid --fork --kill-child --mount-proc \
    bash "${BASH_SOURCE[0]}" --inside "$work" "$@"
