#!/usr/bin/env bash
# Gradescope starts this for each submission, as root. Grades what lies in submission/ beside it.
set -u
umask 077
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$root/source

# Students' code runs here, too, as another user: what is not for it is closed to others.
mkdir -p "$root/results"
chmod -f go-rwx "$source" "$root/results" "$root/submission" "$root/submission_metadata.json"

# Until there are results, these stand for them: they say that there are none, and whose fault it is.
cp "$source/no_results.json" "$root/results/results.json"

# Nothing of the environment is taken over. -P: nothing is imported from the current folder.
python=$(cat "$source/python")
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LANG=C.UTF-8 PYTHONPATH="$source/project" GRADER_CACHE="$source/cache" \
    "$python" -P -m grader.packaging.autograder "$root"
