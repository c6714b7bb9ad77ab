"""What the columns of a file may hold, and guessing it from their names. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from apps.contacts.identity import read_email
from apps.integrations.doors import values
from apps.integrations.doors.naming import field_called

# What a column may hold, in the order of the menu.
FIELDS: dict[str, str] = {
    "name": "Whole name",
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "company": "Company",
    "address": "Street and number",
    "city": "City",
    "state": "State",
    "postal_code": "Postal code",
    "market": "Market",
    "property_type": "Kind of property",
    "homeowner": "Owns it",
    "monthly_bill": "Monthly bill",
    "utility": "Utility",
    "roof_type": "Roof",
    "roof_age": "Age of the roof",
    "roof_area_m2": "Roof area in m²",
    "shading": "Shade",
    "estimated_capacity": "System size in kW",
    "budget_range": "Budget",
    "timeline": "When",
    "decision_maker": "Who decides",
    "credit_range": "Credit",
    "service_type": "Service",
    "language": "Language",
    "message": "What they said",
    "consent_given": "Consent: agreed",
    "consent_wording": "Consent: exact words",
    "consent_channels": "Consent: by which ways",
    "consent_at": "Consent: when",
    "certificate_url": "Consent: certificate",
    "assign_to": "Who works it",
}
_OURS = {
    "consent": "consent_given",
    "consent_given": "consent_given",
    "opt_in": "consent_given",
    "consent_text": "consent_wording",
    "consent_wording": "consent_wording",
    "consent_channels": "consent_channels",
    "consent_date": "consent_at",
    "consent_at": "consent_at",
    "market": "market",
    "assigned_to": "assign_to",
    "assign_to": "assign_to",
    "sales_rep": "assign_to",
    "rep": "assign_to",
    "agent": "assign_to",
    "lead_owner": "assign_to",
}

# Words that tell nothing of what a column holds: “Customer e-mail”, “Bill per month (INR)”.
_BESIDE = {
    "customer", "client", "lead", "contact", "your", "primary", "main", "home", "the", "of", "in",
    "per", "month", "avg", "average", "approx", "usd", "inr", "rs",
}  # fmt: skip
# “Phone no.” and “Email ID” are the thing itself; a “Service no.” is something else.
_NUMBERS = {"no", "nr", "num", "number", "id"}
_NUMBERED = {"phone", "email", "postal_code"}

# Whose address it is, where it is not the lead's.
_OTHERS = {"rep", "agent", "sales", "seller", "manager", "broker", "vendor", "referred", "assigned"}


def guessed(columns: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[int, str]:
    """What each column holds, by its name; a column nobody can name is left out.

    The first column of a kind counts, and one that is called by its very name before one that is
    nearly. "Owner" is who works the lead, unless it mostly says yes and no.
    """
    found: dict[int, str] = {}
    said = [[row[place] for row in samples if row[place]] for place in range(len(columns))]
    for way in (_field, _nearly):
        for place, name in enumerate(columns):
            field = way(name, said[place])
            if field and place not in found and field not in found.values():
                found[place] = field
    return dict(sorted(found.items()))


def mapping_problems(mapping: Mapping[int, str], width: int) -> list[str]:
    """Why rows cannot be read with these columns, in words."""
    problems = []
    if wrong := sorted({field for field in mapping.values() if field not in FIELDS}):
        problems.append(f"There is no such field: {', '.join(wrong)}.")
    if any(not 0 <= place < width for place in mapping):
        problems.append("The file has no such column.")
    chosen = list(mapping.values())
    if twice := sorted({field for field in chosen if chosen.count(field) > 1}):
        words = ", ".join(FIELDS.get(field, field) for field in twice)
        problems.append(f"Chosen for two columns: {words}.")
    if not {"email", "phone"} & set(chosen):
        problems.append("Say which column holds the e-mail or the phone number.")
    return problems


def _field(name: str, said: Sequence[str]) -> str:
    key = "_".join(_words(name))
    if key == "owner":
        yes_or_no = sum(values.boolean(text) is not None for text in said)
        return "homeowner" if 2 * yes_or_no > len(said) else "assign_to"
    field = _OURS.get(key) or field_called(name)
    return field if field in FIELDS else ""


def _nearly(name: str, said: Sequence[str]) -> str:
    """By what is left of the name without the words beside it; an address shows what it is."""
    words = [word for word in _words(name) if word not in _BESIDE]
    if field := _field("_".join(words), said):
        return field
    field = _field("_".join(word for word in words if word not in _NUMBERS), said)
    if field in _NUMBERED:
        return field
    is_theirs = not _OTHERS.intersection(words)
    return "email" if is_theirs and said and all(read_email(text) for text in said) else ""


def _words(name: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in name.lower()).split()
