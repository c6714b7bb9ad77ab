"""Does the web process of this container answer? For HEALTHCHECK: exit code 0 or 1."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request

_ADDRESS = "http://127.0.0.1:8000/health/"


def main() -> int:
    # Django answers only to the hosts it serves.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(_ADDRESS, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 (our own)
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 (this is a command)
        return 1


if __name__ == "__main__":
    sys.exit(main())
