#!/bin/sh
# Make .venv hold what running (run) or developing (dev) needs; quick when nothing changed.
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}

stop() {
    echo "$*" >&2
    exit 1
}

modern() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -x .venv/bin/python ] && ! modern .venv/bin/python; then
    echo "The environment .venv no longer works here; making it anew." >&2
    rm -rf .venv
fi

if [ ! -x .venv/bin/python ]; then
    python=
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if command -v "$candidate" >/dev/null 2>&1 && modern "$candidate"; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] || stop "Python 3.11 or newer is needed; ${PYTHON:-python3} is $(${PYTHON:-python3} --version 2>&1 || true). Set PYTHON=/path/to/python3.11."
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "$python has no venv module. Debian and Ubuntu: apt-get install python3-venv."
    echo "Making the environment .venv with $("$python" --version)."
    "$python" -m venv .venv || stop "The environment could not be made; see above."
fi

case $want in
    run) files=requirements.txt ;;
    dev) files="requirements.txt requirements-dev.txt" ;;
    *) stop "prepare.sh: 'run' or 'dev', not '$want'" ;;
esac

# shellcheck disable=SC2086
stamp=$(cat $files | cksum)
if [ "$(cat ".venv/stamp-$want" 2>/dev/null || true)" != "$stamp" ]; then
    source=
    if [ -n "${WHEELS:-}" ]; then
        [ -d "$WHEELS" ] || stop "WHEELS=$WHEELS is not a folder."
        source="--no-index --find-links=$WHEELS"
    fi
    last=${files##* }
    echo "Installing the packages of $last (the first time takes one to three minutes)."
    # shellcheck disable=SC2086
    .venv/bin/python -m pip install -qq --disable-pip-version-check $source -r "$last" ||
        stop "Installing failed; see above. Without network: make ... WHEELS=folder (docs/operations.md says how to fill it)."
    echo "$stamp" >".venv/stamp-$want"
fi
