"""Who gets what, and on which days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.solar.incentives import Slab, incentives_apply, incentives_eligible
from apps.solar.selectors import incentives_on, market_tables
from tests.factories.solar import make_incentive, make_purchase

DAY = timedelta(days=1)
# (market, code, first day, last day); None: no such day is known.
DATES = [
    ("nyc", "us_25d", date(2022, 1, 1), date(2025, 12, 31)),
    ("nyc", "us_48e", date(2025, 1, 1), date(2027, 12, 31)),
    ("nyc", "ny_state_credit", None, None),
    ("nyc", "nyc_property_tax_abatement", date(2024, 1, 1), date(2035, 12, 31)),
    ("nyc", "ny_sun", date(2023, 2, 1), None),
    ("nyc", "ny_sun_affordable", None, None),
    ("nyc", "sales_tax_exemption", None, None),
    ("india", "pm_surya_ghar", date(2024, 2, 13), date(2027, 3, 31)),
    ("india", "pm_surya_ghar_society", date(2024, 2, 13), date(2027, 3, 31)),
    ("india", "delhi_top_up", date(2025, 5, 20), None),
    ("india", "uttar_pradesh_top_up", date(2024, 2, 13), None),
    ("india", "rajasthan_top_up", date(2025, 11, 1), None),
    ("india", "assam_top_up", date(2024, 2, 13), None),
]


def amounts(applied) -> dict[str, Decimal]:
    return {one.incentive.code: one.amount for one in applied}


def in_nyc(**changed) -> dict[str, Decimal]:
    purchase = make_purchase(**changed)
    return amounts(incentives_apply(market_tables("nyc").incentives, purchase))


def in_india(kw: str, **changed) -> dict[str, Decimal]:
    known = {"territory": "gujarat", "capacity_kw": Decimal(kw), "gross_cost": Decimal(1_000_000)}
    purchase = make_purchase(**(known | changed))
    return amounts(incentives_apply(market_tables("india").incentives, purchase))


@pytest.mark.django_db
@pytest.mark.parametrize(("market", "code", "first", "last"), DATES)
def test_the_edge_days_of_every_incentive(market, code, first, last):
    def is_there(day: date) -> bool:
        return code in {one.code for one in incentives_on(market, day)}

    if first is None:
        assert is_there(date(2020, 1, 1))
    else:
        assert not is_there(first - DAY)
        assert is_there(first)
    if last is None:
        assert is_there(date(2045, 12, 31))
    else:
        assert is_there(last)
        assert not is_there(last + DAY)


@pytest.mark.django_db
def test_every_incentive_is_in_the_table_above():
    codes = {one.code for m in ("nyc", "india") for one in market_tables(m).incentives}
    assert codes == {code for _, code, _, _ in DATES}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "credit"),
    [
        (date(2025, 6, 1), 7350),
        (date(2025, 12, 31), 7350),
        (date(2026, 1, 1), None),
        (date(2026, 11, 21), None),
    ],
)
def test_the_federal_credit_ended_with_2025(day, credit):
    assert in_nyc(day=day).get("us_25d") == credit


@pytest.mark.django_db
def test_new_york_today():
    assert in_nyc() == {"ny_state_credit": 5000, "nyc_property_tax_abatement": 7350}


@pytest.mark.django_db
def test_48e_goes_to_leases_only():
    assert in_nyc(financing="lease") == {"us_48e": 7350}
    assert "us_48e" not in in_nyc(financing="loan")


@pytest.mark.django_db
def test_the_state_credit_under_its_cap():
    assert in_nyc(gross_cost=Decimal(10_000))["ny_state_credit"] == 2500


@pytest.mark.django_db
def test_a_business_gets_the_abatement_only():
    assert set(in_nyc(property_type="commercial")) == {"nyc_property_tax_abatement"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kw", "subsidy"),
    [
        ("1", 30_000),
        ("1.5", 45_000),
        ("2", 60_000),
        ("2.5", 69_000),
        ("3", 78_000),
        ("5", 78_000),
        ("10", 78_000),
    ],
)
def test_pm_surya_ghar(kw, subsidy):
    assert in_india(kw) == {"pm_surya_ghar": subsidy}


@pytest.mark.django_db
@pytest.mark.parametrize(("kw", "subsidy"), [("1", 33_000), ("2", 66_000), ("3", 85_800)])
def test_pm_surya_ghar_in_special_category_states(kw, subsidy):
    assert in_india(kw, territory="himachal_pradesh") == {"pm_surya_ghar": subsidy}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("territory", "code", "of_1_kw", "of_2_kw", "of_3_kw", "of_5_kw"),
    [
        ("delhi", "delhi_top_up", 10_000, 20_000, 30_000, 30_000),
        ("uttar_pradesh", "uttar_pradesh_top_up", 15_000, 30_000, 30_000, 30_000),
        ("assam", "assam_top_up", 15_000, 30_000, 45_000, 45_000),
        ("rajasthan", "rajasthan_top_up", None, None, None, None),
    ],
)
def test_state_top_ups(territory, code, of_1_kw, of_2_kw, of_3_kw, of_5_kw):
    got = [in_india(kw, territory=territory).get(code) for kw in ("1", "2", "3", "5")]
    assert got == [of_1_kw, of_2_kw, of_3_kw, of_5_kw]


@pytest.mark.django_db
def test_a_top_up_ends_with_what_it_tops_up():
    late = date(2027, 4, 1)
    assert in_india("3", territory="delhi", day=late) == {}


@pytest.mark.django_db
def test_businesses_get_no_subsidy_in_india():
    assert in_india("3", property_type="commercial", territory="delhi") == {}


@pytest.mark.django_db
def test_housing_societies_have_their_own_rate():
    assert in_india("10", property_type="apartment") == {"pm_surya_ghar_society": 180_000}


@pytest.mark.django_db
def test_at_the_border_of_the_city_its_abatement_is_not_promised():
    """Of the ZIP codes with a mixed utility only a sliver is in Queens."""
    assert set(in_nyc(territory="queens", utility="PSEG-LI")) == {
        "ny_state_credit",
        "nyc_property_tax_abatement",
    }
    mixed = in_nyc(territory="queens", utility="mixed (mostly PSEG-LI)")
    assert set(mixed) == {"ny_state_credit"}


@pytest.mark.django_db
def test_rebates_of_con_edison_are_not_shown_to_customers_of_others():
    rockaways = make_purchase(territory="queens", utility="PSEG-LI")
    shown = incentives_eligible(market_tables("nyc").incentives, rockaways)
    assert not {one.code for one in shown} & {"ny_sun", "ny_sun_affordable"}


def test_grants_come_first_and_lower_the_basis_of_credits():
    credit = make_incentive("credit", percent=Decimal(25), basis="net_of_grants", paid_over_years=1)
    grant = make_incentive("grant", per_kw=(Slab(Decimal(25), Decimal(200)),))
    got = amounts(incentives_apply([credit, grant], make_purchase()))
    assert got == {"grant": 1400, "credit": Decimal("5775.00")}


def test_what_is_not_counted_is_shown_but_never_taken_off():
    shown = make_incentive(fixed_amount=Decimal(100), is_counted=False)
    assert incentives_apply([shown], make_purchase()) == ()
    assert incentives_eligible([shown], make_purchase()) == [shown]


def test_of_two_rows_of_one_code_the_later_one_counts():
    old = make_incentive(key="old", fixed_amount=Decimal(100), valid_from=date(2024, 1, 1))
    new = make_incentive(key="new", fixed_amount=Decimal(70), valid_from=date(2026, 1, 1))
    for found in ([old, new], [new, old]):
        assert amounts(incentives_apply(found, make_purchase())) == {"rebate": 70}
    before = make_purchase(day=date(2025, 12, 31))
    assert amounts(incentives_apply([old, new], before)) == {"rebate": 100}


def test_instalments_add_up():
    four = make_incentive(fixed_amount=Decimal(1000), paid_over_years=4)
    (applied,) = incentives_apply([four], make_purchase())
    assert applied.instalments() == [(1, 250), (2, 250), (3, 250), (4, 250)]


@given(
    st.lists(
        st.builds(
            make_incentive,
            code=st.sampled_from("abc"),
            percent=st.integers(0, 90).map(Decimal),
            fixed_amount=st.integers(0, 50_000).map(Decimal),
            basis=st.sampled_from(["gross", "net_of_grants"]),
            paid_over_years=st.integers(0, 4),
        ),
        max_size=5,
    ),
    st.integers(0, 100_000).map(Decimal),
)
def test_nobody_gets_more_than_the_price(found, gross):
    applied = incentives_apply(found, make_purchase(gross_cost=gross))
    assert all(one.amount >= 0 for one in applied)
    assert sum(one.amount for one in applied) <= gross
