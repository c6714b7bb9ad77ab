"""The requests of the demo: payloads as the doors get them, tidy ones and messy ones. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

Request = tuple[str, timedelta, dict[str, Any]]  # source, age, payload

_CONSENT = {
    "given": True,
    "text": "I agree that Aurum Solar may call, text or e-mail me about solar for my home.",
    "version": "demo",
    "channels": ["call", "sms", "email"],
}
# So long ago the last ones came in: some just now, some so that an answer is due or late.
_LAST_MINUTES = (95, 54, 50, 47, 26, 14, 13, 12, 4, 2)
_NEW_YORK = (
    ("Grace Feldman", "10021", "co_op", "yes", "400", "immediate"),
    ("Darnell Brooks", "11216", "brownstone", "yes", "310", "within_3_months"),
    ("Mei-Ling Chen", "11355", "multi_family", "yes", "265", "within_6_months"),
    ("Rosa Delgado", "10458", "apartment", "no", "120", "researching"),
    ("Tomasz Nowak", "11378", "single_family", "yes", "340", "within_3_months"),
    ("Aaliyah Johnson", "11236", "single_family", "yes", "285", "within_year"),
    ("Patrick O'Hara", "10306", "single_family", "yes", "380", "immediate"),
    ("Yusuf Demir", "11209", "townhouse", "yes", "225", "within_6_months"),
    ("Olga Petrova", "11235", "condo", "yes", "190", "researching"),
    ("Winston Clarke", "10466", "multi_family", "yes", "410", "within_3_months"),
    ("Hannah Weiss", "10024", "co_op", "yes", "260", "within_year"),
    ("Luis Ferreira", "11368", "apartment", "no", "95", "within_year"),
    ("Keisha Morgan", "11434", "single_family", "", "240", "within_6_months"),
    ("Ravi Menon", "11426", "single_family", "yes", "305", "immediate"),
    ("Sofia Russo", "10312", "single_family", "yes", "270", "within_3_months"),
    ("Jamal Washington", "11203", "townhouse", "yes", "", "within_6_months"),
)
_INDIA = (
    ("Priya Sharma", "110016", "single_family", "yes", "₹6,500", "within_3_months"),
    ("Arjun Reddy", "500034", "villa", "yes", "Rs 8200", "immediate"),
    ("Lakshmi Iyer", "600020", "independent house", "yes", "4,100", "within_6_months"),
    ("Imran Khan", "400050", "flat", "no", "3500", "researching"),
    ("Neha Patel", "380015", "bungalow", "yes", "5.2k", "within_3_months"),
    ("Suresh Kumar", "560038", "independent house", "yes", "2900", "within_year"),
    ("Anita Desai", "411004", "commercial", "yes", "₹ 42,000", "immediate"),
    ("Vikram Singh", "302001", "single_family", "yes", "3800", "within_6_months"),
)


def demo_requests(dice: random.Random) -> Iterator[Request]:
    """Some forty requests of the last fortnight, oldest first; then what was bought besides."""
    requests = [
        *(_form(dice, "nyc", n, person) for n, person in enumerate(_NEW_YORK)),
        *(_form(dice, "india", n, person) for n, person in enumerate(_INDIA)),
        *_conversations(),
        *_calculations(),
        *_odd_ones(),
        *_bought_ones(_BOUGHT, first=0),
    ]
    earlier = len(requests) - len(_LAST_MINUTES)
    minutes = sorted((dice.randint(24 * 60, 14 * 24 * 60) for _ in range(earlier)), reverse=True)
    ages = [timedelta(minutes=age) for age in (*minutes, *_LAST_MINUTES)]
    dice.shuffle(requests)
    for (source, payload), age in zip(requests, ages, strict=True):
        yield source, age, payload
    for days, (source, payload) in enumerate(_bought_ones(_BOUGHT_BESIDES, first=len(_BOUGHT))):
        yield source, timedelta(days=2 + 3 * days, hours=5), payload


def _form(
    dice: random.Random, market: str, number: int, person: tuple[str, ...]
) -> tuple[str, dict[str, Any]]:
    name, postal_code, property_type, homeowner, bill, timeline = person
    return "website-form", {
        "form_type": dice.choice(["quote_request", "contact", "quote_request"]),
        "service_type": "",
        "contact_info": {"name": name, "email": _email(name), "phone": _phone(market, number)},
        "form_data": {
            "postal_code": postal_code,
            "property_type": property_type,
            "homeowner": homeowner,
            "monthly_bill": bill,
            "timeline": timeline,
            "message": dice.choice(_MESSAGES[market]),
        },
        "source": "website_form",
        "market": market,
        "consent": _CONSENT if dice.random() < 0.8 else {"given": False},
        "attribution": dice.choice(_TOUCHES),
    }


_MESSAGES = {
    "nyc": (
        "Our roof was redone two years ago. What would a system cost us?",
        "Does my co-op board have to vote on this?",
        "Please call after six in the evening.",
        "",
    ),
    "india": (
        "Kindly share the price for a 5 kW on-grid system with subsidy details.",
        "Is net metering available in our area?",
        "",
    ),
}
_TOUCHES: tuple[dict[str, Any], ...] = (
    {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "nyc-autumn", "gclid": "demo"},
    {"utm_source": "newsletter", "utm_medium": "email"},
    {"referrer": "https://www.example.org/solar-in-brooklyn"},
    {},
)


def _conversations() -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        "chatbot",
        {
            "session_id": "chat_1763500000001",
            "user_messages": [
                "hi, I own a brownstone in park slope and our bill is around 350",
                "zip is 11215. my email is noor.haddad@example.com",
            ],
            "bot_responses": ["What is your ZIP code?", "Thank you! We will be in touch."],
            "user_info": {"name": "Noor Haddad"},
            "conversation_context": {
                "homeowner_verified": True,
                "bill_amount": 350,
                "zip_code": "11215",
                "property_type": "brownstone",
                "session_duration": 6 * 60_000,
                "questions_asked": 3,
                "sentiment": 0.7,
            },
        },
    )
    yield (
        "chatbot",
        {
            "session_id": "chat_1763500000002",
            "user_messages": ["Is solar worth it if I rent?", "ok thanks"],
            "bot_responses": ["Community solar needs no roof.", "You are welcome."],
            "user_info": {},
            "conversation_context": {"session_duration": 90_000},
        },
    )


def _calculations() -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        "solar-calculator",
        {
            "session_id": "calc_1763500000003",
            "calculation_results": {"system_capacity_kw": "7.2"},
            "user_inputs": {"zip": "11377", "monthlyBill": "320", "propertyType": "House"},
            "user_info": {
                "first_name": "Dmitri",
                "last_name": "Volkov",
                "email": "dmitri.volkov@example.com",
                "phone": "(718) 762-0193",
            },
            "consent": _CONSENT,
        },
    )
    yield (
        "solar-calculator",
        {
            "session_id": "calc_1763500000004",
            "calculation_results": {"system_capacity_kw": 4},
            "user_inputs": {"pincode": "201301", "bill": "₹5,400", "ownership": "own"},
            "user_info": {"first_name": "Kavya", "last_name": "Nair", "phone": "+91 98100 12345"},
        },
    )


def _odd_ones() -> Iterator[tuple[str, dict[str, Any]]]:
    """A second request of somebody known, another with a slip in the address, a vendor's lead, and
    a form nobody can be answered on."""
    yield (
        "website-form",
        {
            "form_type": "contact",
            "contact_info": {
                "name": "FELDMAN, GRACE",
                "email": " Grace.Feldman@Example.com ",
                "phone": "",
            },
            "form_data": {"message": "One more thing: the board meets in January.", "zip": "10021"},
            "market": "nyc",
        },
    )
    yield (
        "website-form",
        {
            "form_type": "contact",
            "contact_info": {"name": "Dmitri Volkov", "email": "dmitri.volkov@exampel.com"},
            "form_data": {"message": "Did you get my numbers?", "zip": "11377"},
            "market": "nyc",
        },
    )
    yield (
        "demo-vendor",
        {
            "external_id": "v-2041",
            "Full Name": "Marcus Bell",
            "Email Address": "marcus.bell@example.com",
            "mobile": "917.555.0139",
            "Zip": 10472,
            "Own or Rent": "OWN",
            "Electric Bill": "$201-300",
        },
    )
    yield (
        "website-form",
        {
            "form_type": "contact",
            "contact_info": {"name": "Anonymous", "email": "call me", "phone": "12"},
            "form_data": {"message": "interested"},
        },
    )


_BOUGHT = (
    ("Carmen Ortiz", "11220", "brownstone", "OWN", "290", "excellent"),
    ("Delroy Grant", "11207", "townhouse", "OWN", "340", "good"),
    ("Ming Zhao", "11354", "single_family", "OWN", "415", "excellent"),
    ("Fatima Rahman", "11432", "multi_family", "OWN", "230", "good"),
    ("George Papadakis", "10465", "single_family", "OWN", "265", ""),
    ("Ines Moreau", "10025", "co_op", "OWN", "210", "good"),
    ("Terrence Hill", "10467", "apartment", "RENT", "140", "fair"),
)


_BOUGHT_BESIDES = (
    ("Naomi Fischer", "10021", "condo", "OWN", "310", "excellent"),
    ("Andre Baptiste", "11375", "single_family", "OWN", "380", "good"),
    ("Lucia Romano", "10314", "single_family", "OWN", "240", "good"),
    ("Samuel Osei", "11215", "brownstone", "OWN", "330", "excellent"),
)


def _bought_ones(
    people: tuple[tuple[str, ...], ...], *, first: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a vendor sends us and buyers take: with the consent, without which nothing is sold."""
    for number, (name, postal_code, home, own_or_rent, bill, credit) in enumerate(people, first):
        yield (
            "demo-vendor",
            {
                "external_id": f"v-{2100 + number}",
                "name": name,
                "email": _email(name),
                "phone": _phone("nyc", 40 + number),
                "zip": postal_code,
                "property_type": home,
                "own_or_rent": own_or_rent,
                "monthly_bill": bill,
                "credit_range": credit,
                "market": "nyc",
                "consent": _CONSENT,
            },
        )


def _email(name: str) -> str:
    return name.lower().replace("'", "").replace(" ", ".") + "@example.com"


def _phone(market: str, number: int) -> str:
    """Numbers kept free for fiction (US), or of a block nobody is told to call (India)."""
    if market == "india":
        return f"+91 98100 000{number:02}"
    return f"({('212', '718', '917')[number % 3]}) 555-01{number + 10}"
