#!/bin/sh
# Install the daily clear board from this bundle, without a network.
#   sh install.sh [TARGET]        TARGET is /opt/board unless given
# Each version gets a folder of its own below TARGET/releases; TARGET/current points to the one in use,
# TARGET/previous to the one before. Nothing is started and no database is touched.
set -eu
cd "$(dirname "$0")"
target=${1:-/opt/board}

stop() {
    echo "$*" >&2
    exit 1
}

[ -f SHA256SUMS ] || stop "This is not a complete bundle: SHA256SUMS is missing."
echo "Checking the files."
sha256sum --quiet --check SHA256SUMS || stop "A file is damaged; copy the bundle anew."

version=$(sed -n 's/^version=//p' BUNDLE)
made_for=$(sed -n 's/^machine=//p' BUNDLE)
wanted=$(sed -n 's/^python=//p' BUNDLE)
case $made_for in
    *"$(uname -m)") ;;
    *) stop "The bundle is for $made_for, this machine is $(uname -m)." ;;
esac
python=${PYTHON:-python$wanted}
command -v "$python" >/dev/null 2>&1 || python=python3
"$python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$wanted')" 2>/dev/null ||
    stop "Python $wanted is needed (the wheels are for it). Set PYTHON=/path/to/python$wanted."

release=$target/releases/$version
[ ! -e "$release" ] || stop "$release is there already. Remove it first, or choose another TARGET."
mkdir -p "$target/releases"
cp -R source "$release"
wheels=$PWD/wheels
(cd "$release" && PYTHON=$python WHEELS=$wheels sh tools/prepare.sh run) || {
    rm -rf "$release"
    stop "Installing failed; see above. Nothing else was changed."
}

if [ -L "$target/current" ]; then
    ln -sfn "$(readlink "$target/current")" "$target/previous"
fi
ln -sfn "releases/$version" "$target/current"
echo "Version $version is installed; $target/current points to it. Next: docs/operations.md, 'Installing'."
