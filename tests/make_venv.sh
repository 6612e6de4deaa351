#!/bin/sh
# Makes the virtual environment $1 with the newest Python >= 3.11 that can, and says what to do where none can.
set -u
venv=$1
for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    "$python" -m venv "$venv" >/dev/null 2>&1 && exit 0
    rm -rf "$venv"
    # Debian's Python comes without ensurepip; its package brings it.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        apt-get install -y -qq "python$version-venv" >/dev/null 2>&1 || {
            apt-get update -qq >/dev/null 2>&1
            apt-get install -y -qq "python$version-venv" >/dev/null 2>&1
        }
        "$python" -m venv "$venv" >/dev/null 2>&1 && exit 0
        rm -rf "$venv"
    fi
done
echo "Fasit needs Python 3.11 or newer with the venv module (on Debian: apt-get install python3-venv)." >&2
exit 1
