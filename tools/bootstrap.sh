#!/bin/sh
# Finds a Python that can run the dashboard and hands over to bootstrap.py, which does the rest.
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
        exec "$candidate" "$(dirname "$0")/bootstrap.py" "$@"
    fi
done
if [ -n "$PYTHON" ]; then
    echo "PYTHON is $PYTHON, which is not a Python 3.11, 3.12 or 3.13 that runs." >&2
else
    echo "Python 3.11, 3.12 or 3.13 is needed and was not found." >&2
    echo "On Debian 12 or Ubuntu 24.04: apt install python3 python3-venv. Elsewhere, set PYTHON to its path: PYTHON=/path/to/python3.12 make run" >&2
fi
exit 1
