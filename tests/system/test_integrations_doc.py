"""What the integration guide tells people to type works, as it stands there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.system.processes import Running, clean_environment

GUIDE: Path = settings.BASE_DIR / "docs" / "integrations.md"
# Answers that are errors end the script, and say themselves.
_CURL = 'curl() { command curl --silent --show-error --fail-with-body "$@"; }\n'


def examples() -> str:
    """The blocks of the guide in their order: later ones use what earlier ones set."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL))


def demo_keys(running: Running) -> dict[str, str]:
    printed = subprocess.run(
        [sys.executable, "manage.py", "demo_keys"],
        cwd=settings.BASE_DIR,
        env=clean_environment(DATA_DIR=str(running.data_dir), **running.services),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(printed.stdout))


@pytest.mark.system
def test_every_example_of_the_guide_works(running_system: Running) -> None:
    assert shutil.which("curl"), "The examples need curl. Type: apt-get install --yes curl"
    keys = demo_keys(running_system)
    script = examples().replace("http://localhost:8000", running_system.url)
    assert script.count("curl") > 10
    done = subprocess.run(
        ["bash", "-e", "-u", "-o", "pipefail", "-x", "-c", _CURL + script],
        env=clean_environment(
            VENDOR_KEY=keys["vendor_key"],
            MAILBOX_KEY=keys["mailbox_key"],
            API_KEY=keys["api_key"],
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-1500:]}\n{done.stderr[-3000:]}"
    assert '"status":"error"' not in done.stdout
    assert done.stdout.count('"status":"success"') > 10
