"""Plain data of the calculator, for tests that need no database."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from apps.solar import incentives, tariffs
from apps.solar.production import Station
from apps.solar.tables import DATA_DIR

CHECKED = date(2026, 11, 21)


@cache
def stations() -> dict[str, Station]:
    """The weather that ships with the product, by code."""
    with (DATA_DIR / "stations.csv").open(encoding="utf-8") as file:
        return {
            row["code"]: Station(
                code=row["code"],
                name=row["name"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                ghi=tuple(json.loads(row["ghi"])),
                temperature=tuple(json.loads(row["temperature"])),
            )
            for row in csv.DictReader(file)
        }


def make_tariff(**changed: Any) -> tariffs.Tariff:
    """A flat tariff: 0.29 a kWh, 17.80 a month, each kWh of surplus credited."""
    return tariffs.Tariff(
        **{
            "key": "flat",
            "name": "Flat",
            "utility": "Con Edison",
            "slabs": (tariffs.Slab(None, Decimal("0.29")),),
            "per_kwh_charge": Decimal(0),
            "fixed_charge": Decimal("17.80"),
            "fixed_charge_per_kw": Decimal(0),
            "surcharge_percent": Decimal(0),
            "subsidies": (),
            "net_metering": "net_metering",
            "net_metering_limit_kw": None,
            "export_rate": Decimal(0),
            "cbc_per_kw_month": Decimal(0),
            "escalation_percent": Decimal(3),
            "valid_from": None,
            "valid_to": None,
            "source": "A test",
            "checked_on": CHECKED,
            "confidence": "high",
        }
        | changed
    )


def make_slabs(*slabs: tuple[int | None, str]) -> tuple[tariffs.Slab, ...]:
    return tuple(
        tariffs.Slab(None if top is None else Decimal(top), Decimal(rate)) for top, rate in slabs
    )


def make_delhi_tariff() -> tariffs.Tariff:
    """The slabs, surcharges and subsidy of Delhi."""
    return make_tariff(
        key="delhi",
        name="Delhi domestic",
        slabs=make_slabs((200, "3"), (400, "4.5"), (800, "6.5"), (1200, "7"), (None, "8")),
        fixed_charge=Decimal(0),
        surcharge_percent=Decimal(15),
        subsidies=(
            tariffs.Subsidy(Decimal(200), Decimal(1), None),
            tariffs.Subsidy(Decimal(400), Decimal("0.5"), Decimal(800)),
        ),
        export_rate=Decimal(2),
    )


def make_incentive(code: str = "rebate", **changed: Any) -> incentives.Incentive:
    """An incentive of nothing for everybody, until something is changed."""
    return incentives.Incentive(
        **{
            "key": code,
            "code": code,
            "name": code.title(),
            "kind": "",
            "territories": (),
            "utilities": (),
            "property_types": (),
            "financing": ("cash", "loan"),
            "percent": Decimal(0),
            "basis": "gross",
            "per_kw": (),
            "fixed_amount": Decimal(0),
            "cap": None,
            "paid_over_years": 0,
            "requires": "",
            "is_counted": True,
            "note": "",
            "valid_from": None,
            "valid_to": None,
            "source": "A test",
            "checked_on": CHECKED,
            "confidence": "high",
        }
        | changed
    )


def make_purchase(**changed: Any) -> incentives.Purchase:
    return incentives.Purchase(
        **{
            "day": CHECKED,
            "territory": "brooklyn",
            "utility": "Con Edison",
            "property_type": "single_family",
            "financing": "cash",
            "capacity_kw": Decimal(7),
            "gross_cost": Decimal(24500),
        }
        | changed
    )
