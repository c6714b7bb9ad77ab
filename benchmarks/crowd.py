"""A database as it is after two years: leads by the hundred thousand, written by SQL."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Model

from apps.contacts.models import Contact
from apps.intake.models import LeadSource
from apps.leads.models import Lead, SavedView
from apps.users.actions import user_apply_role
from apps.users.models import Role, User

SELLERS = 12
_DAYS = 730
_FIRST_NAMES = (
    "Ana", "Arjun", "Bella", "Carlos", "Deepa", "Elena", "Farid", "Grace", "Hiro", "Imran", "Jamal",
    "Keisha", "Luis", "Mei", "Noor", "Olga", "Priya", "Quinn", "Rosa", "Sanjay", "Tomasz", "Uma",
    "Vikram", "Winston", "Xenia", "Yusuf", "Zoe",
)  # fmt: skip
_LAST_NAMES = (
    "Abbott", "Banerjee", "Castillo", "Desai", "Eriksen", "Feldman", "Greenberg", "Haddad",
    "Iyer", "Johnson", "Khan", "Lindqvist", "Mehta", "Nowak", "Okafor", "Petrova", "Reddy", "Singh",
    "Tanaka", "Ueda", "Volkov", "Washington", "Xu", "Yilmaz", "Zhang",
)  # fmt: skip
_CITIES = ("Brooklyn", "Queens", "Bronx", "Manhattan", "Mumbai", "Pune", "Delhi", "Chennai")


def crowd(number: int) -> tuple[User, User]:
    """Write `number` leads with their people. Returns a manager with views of theirs, a seller."""
    people = [_person(f"bench-seller-{n}", Role.SALES) for n in range(SELLERS)]
    manager = _person("bench-manager", Role.MANAGER)
    _views(manager)
    contact = Contact.objects.create()
    first = contact.pk + 1
    _multiply(contact, number, {"public_id": "gen_random_uuid()"})
    lead = Lead.objects.create(
        contact=contact, source=LeadSource.objects.get(slug="website-form"), market_id="nyc",
        status="won",
    )  # fmt: skip
    _multiply(lead, number, _differing(first, people))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the server does by itself
    return manager, people[0]


def _differing(first_contact: int, people: list[User]) -> dict[str, str]:
    """What differs from lead to lead: SQL over `n`, 1 for the oldest."""
    sellers = _array([person.pk for person in people])
    sources = _array(list(LeadSource.objects.order_by("pk").values_list("pk", flat=True)))
    return {
        "public_id": "gen_random_uuid()",
        "contact_id": f"{first_contact - 1} + n",
        "first_name": _nth(_array(_FIRST_NAMES), "n * 7"),
        "last_name": _nth(_array(_LAST_NAMES), "n * 13"),
        "city": _nth(_array(_CITIES), "n * 3"),
        "email": "'lead' || n || '@example.com'",
        "phone": "'+1212' || (2000000 + n)",
        "market_id": "CASE WHEN n %% 10 < 7 THEN 'nyc' ELSE 'india' END",
        "territory_id": (
            "(SELECT id FROM solar_territory t WHERE t.market_id ="
            " CASE WHEN n %% 10 < 7 THEN 'nyc' ELSE 'india' END ORDER BY (t.id * 31 + n) %% 7, t.id"
            " LIMIT 1)"
        ),
        "postal_code": (
            "CASE WHEN n %% 10 < 7 THEN (11201 + n %% 40)::text ELSE (400001 + n %% 90)::text END"
        ),
        "status": (
            "(ARRAY['new','contacted','contacted','qualified','proposal','negotiation','won',"
            "'won','lost','lost','lost','lost','lost','lost','lost','lost','unqualified',"
            "'unqualified','unqualified','sold'])[1 + (n * 17) %% 20]"
        ),
        "tier": "(ARRAY['premium','standard','standard','basic','unqualified'])[1 + (n * 11) %% 5]",
        "score": "(n * 29) %% 101",
        "monthly_bill": "50 + (n * 37) %% 900",
        "source_id": _nth(sources, "n * 5"),
        "assigned_to_id": f"CASE WHEN n %% 33 = 0 THEN NULL ELSE {_nth(sellers, 'n * 19')} END",
        "created_at": f"now() - (%(number)s - n) * (interval '{_DAYS} days' / %(number)s)",
        "updated_at": "now()",
    }


def _multiply(row: Model, number: int, differing: dict[str, str]) -> None:
    """Copies of a row, all of them in one statement."""
    columns = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    chosen = ", ".join(differing.get(column, f"t.{column}") for column in columns)
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen}"
            f" FROM {table} t, generate_series(1, %(number)s) AS n WHERE t.id = %(row)s"
            " ORDER BY n",
            {"number": number, "row": row.pk},
        )


def _array(values: Any) -> str:
    return "ARRAY[" + ",".join(f"'{v}'" if isinstance(v, str) else str(v) for v in values) + "]"


def _nth(array: str, number: str) -> str:
    return f"({array})[1 + ({number}) %% {array.count(',') + 1}]"


def _person(username: str, role: str) -> User:
    person = User(username=username, email=f"{username}@example.com", role=role)
    person.set_unusable_password()
    user_apply_role(person)
    person.save()
    return person


def _views(owner: User) -> None:
    SavedView.objects.bulk_create(
        SavedView(owner=owner, name=name, parameters=parameters, position=place)
        for place, (name, parameters) in enumerate(
            {
                "Brooklyn": {"q": ["brooklyn"]},
                "Best of New York": {"market__code__exact": ["nyc"], "tier__in": ["premium"]},
                "Proposals": {"status__in": ["proposal,negotiation"]},
                "Lost lately": {"status__in": ["lost"], "created_at_from": ["2026-10-01"]},
                "Mine to call": {"assigned": ["me"], "status__in": ["new"]},
            }.items()
        )
    )
