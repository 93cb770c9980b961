#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the container of the assignment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
version=$(cat python_version)
# Outside of this folder, which is closed to others: students' code needs Python and its packages.
environment=/opt/eight-faces-grader

say() { printf '%s\n' "$*" >&2; }

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# Without them a student's file runs as another user, but sees the container. libseccomp is needed.
apt-get install -y -qq --no-install-recommends bubblewrap libseccomp2
has_python() { "python$version" -c 'import bz2, ctypes, ensurepip, lzma, sqlite3, ssl, venv'; }
if ! has_python 2>/dev/null; then
    apt-get install -y -qq --no-install-recommends "python$version" "python$version-venv" || true
fi
if ! has_python; then
    say "There is no Python $version for this system, and the package was made with that one."
    say "Choose another base image (Ubuntu 22.04 has 3.11, Ubuntu 24.04 has 3.12), or make the"
    say "package anew with the Python of this one."
    exit 1
fi

umask 022
"python$version" -m venv "$environment"
# With the versions and hashes of the lock; compiled, since students' code can write nothing.
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir \
    --no-deps --require-hashes --only-binary :all: -r requirements.lock
"$environment/bin/python" -m compileall -q project

printf '%s\n' "$environment/bin/python" >python
chmod -R go-rwx .
PYTHONPATH=project "$environment/bin/python" -P -c '
from grader.sandbox.rungs import means, sentence
print("Set up. Where this was built students'"'"' files are confined by:", sentence(means()))'
