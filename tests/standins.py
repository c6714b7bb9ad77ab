"""Stand-in buyers on a port of their own, serving while a test runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from apps.b2b.standins.web import WebBuyers, web_buyers


@pytest.fixture
def buyers(settings) -> Iterator[WebBuyers]:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    with web_buyers() as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)  # noqa: TID251
        serving.start()
        yield server
        server.shutdown()
