"""The PVWatts client against a stand-in that speaks its protocol on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread  # noqa: TID251 (a server that waits for us)
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.core.errors import Misconfigured, Permanent, Retryable
from apps.core.http import Answer
from apps.solar import pvwatts
from apps.solar.contracts import Place
from apps.solar.production import Array
from apps.solar.yields import yield_at
from tests.factories.solar import stations

SOUTH = Array(20.0, 180.0, 14.0)
BROOKLYN = Place("nyc", "11215", latitude=40.6675, longitude=-73.9836)
# The example of the API's documentation (4 kW), as far as we read it.
MONTHS = [
    320.42, 384.86, 321.33, 461.01, 554.60, 40.44, 226.75, 511.23, 256.89, 399.09, 360.67, 294.06
]  # fmt: skip
GOOD = {
    "inputs": {},
    "errors": [],
    "warnings": [],
    "version": "8.5.0",
    "outputs": {"ac_monthly": MONTHS, "ac_annual": 4131.3536, "solrad_annual": 3.60499},
}


class StandIn(HTTPServer):
    status: int = 200
    body: bytes = json.dumps(GOOD).encode()

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.queries: list[dict[str, list[str]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        self.server.queries.append(parse_qs(urlsplit(self.path).query))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def stand_in(settings) -> Iterator[StandIn]:
    server = StandIn()
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    settings.PVWATTS_API_KEY = "a-key"
    settings.PVWATTS_URL = f"http://127.0.0.1:{server.server_port}/api/pvwatts/v8.json"
    settings.ALLOW_PRIVATE_ADDRESSES = True
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_asks_as_documented(stand_in):
    monthly = pvwatts.monthly_yield(40.67, -73.98, SOUTH)
    assert monthly == tuple(round(kwh / 10, 3) for kwh in MONTHS)
    (query,) = stand_in.queries
    assert query == {
        "api_key": ["a-key"],
        "lat": ["40.67"],
        "lon": ["-73.98"],
        "system_capacity": ["10.0"],
        "module_type": ["0"],
        "array_type": ["1"],
        "tilt": ["20.0"],
        "azimuth": ["180.0"],
        "losses": ["14.0"],
        "dc_ac_ratio": ["1.2"],
        "inv_eff": ["96"],
        "timeframe": ["monthly"],
    }


def test_its_answer_is_kept(stand_in):
    first = yield_at(BROOKLYN, stations()["laguardia"], SOUTH)
    second = yield_at(BROOKLYN, stations()["laguardia"], SOUTH)
    assert first.source == "pvwatts"
    assert second == first
    assert len(stand_in.queries) == 1


@pytest.mark.parametrize("status", [403, 422, 429, 500])
def test_when_it_fails_our_model_answers_and_it_is_left_alone(stand_in, status):
    stand_in.status, stand_in.body = status, b'{"errors": ["No."]}'
    for _ in range(2):
        assert yield_at(BROOKLYN, stations()["laguardia"], SOUTH).source == "model"
    assert len(stand_in.queries) == 1


def test_when_nobody_answers_our_model_does(stand_in, settings):
    settings.PVWATTS_URL = "http://127.0.0.1:1/api/pvwatts/v8.json"
    assert yield_at(BROOKLYN, stations()["laguardia"], SOUTH).source == "model"


def test_without_a_key_nobody_is_asked(stand_in, settings):
    settings.PVWATTS_API_KEY = ""
    assert yield_at(BROOKLYN, stations()["laguardia"], SOUTH).source == "model"
    assert stand_in.queries == []


@pytest.mark.django_db
def test_an_estimate_by_pvwatts_says_so(stand_in, api):
    home = {"postal_code": "11215", "monthly_bill": 400, "property_type": "single_family"}
    data = api.post("/api/solar/estimate/", home, format="json").json()["data"]
    assert data["production_source"] == "pvwatts"
    assert data["specific_yield_kwh_per_kwp"] == pytest.approx(413.1, abs=0.1)
    assert "PVWatts" in data["assumptions"][-1]["source"]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, "{}", Misconfigured),
        (401, "", Misconfigured),
        (429, "{}", Retryable),
        (502, "<html>", Retryable),
        (422, '{"errors": ["tilt is too steep"]}', Permanent),
        (200, '{"errors": ["no data for this place"]}', Permanent),
        (200, "<html>", Permanent),
        (200, "[]", Permanent),
        (200, '{"outputs": {"ac_monthly": [1, 2]}}', Permanent),
        (200, '{"outputs": {"ac_monthly": [1,1,1,1,1,1,1,1,1,1,1,"x"]}}', Permanent),
        (200, '{"outputs": {"ac_monthly": [1,1,1,1,1,1,1,1,1,1,1,-1]}}', Permanent),
        (200, '{"outputs": []}', Permanent),
    ],
)
def test_an_answer_that_is_none_is_refused(status, body, error):
    with pytest.raises(error):
        pvwatts.parse(Answer(status, {}, body.encode()))
