"""The words people use for what a lead states: names of fields, and values of choices.

Data, kept apart from the code that reads by it. Values of a choice are those of `leads.choices`.
"""

from __future__ import annotations

# How fields are called by forms, chatbots, calculators and vendors, in snake_case.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("full_name", "fullname", "your_name", "customer_name", "contact_name"),
    "first_name": ("firstname", "fname", "given_name"),
    "last_name": ("lastname", "lname", "surname", "family_name"),
    "email": ("email_address", "e_mail", "mail", "emailaddress"),
    "phone": ("phone_number", "mobile", "telephone", "tel", "cell", "contact_number", "whatsapp",
              "mobile_number", "phonenumber"),
    "company": ("company_name", "business_name", "organisation", "organization"),
    "address": ("street", "street_address", "address1", "address_line_1", "property_address"),
    "city": ("town",),
    "state": ("province", "region"),
    "postal_code": ("zip", "zip_code", "zipcode", "pin", "pin_code", "pincode", "postcode",
                    "postalcode"),
    "property_type": ("property", "home_type", "building_type", "propertytype", "house_type"),
    "homeowner": ("ownership", "homeowner_verified", "owner", "is_owner", "own_home",
                  "home_owner", "own_or_rent", "is_homeowner", "homeownership"),
    "monthly_bill": ("bill", "bill_amount", "electric_bill", "electricity_bill", "monthlybill",
                     "avg_bill", "average_bill", "monthly_electric_bill", "current_bill",
                     "monthly_electricity_bill"),
    "roof_type": ("roof", "rooftype", "roof_material"),
    "roof_age": ("roofage", "age_of_roof"),
    "roof_area_m2": ("roof_area", "roof_area_sqm", "rooftop_area"),
    "shading": ("shade", "roof_shade"),
    "utility": ("utility_company", "electric_company", "discom", "utility_provider"),
    "estimated_capacity": ("system_capacity_kw", "system_size_kw", "system_size", "capacity_kw",
                           "capacity"),
    "budget_range": ("budget",),
    "timeline": ("installation_timeline", "timeframe", "when", "install_timeline"),
    "decision_maker": ("decisionmaker", "who_decides"),
    "credit_range": ("credit", "credit_score", "credit_rating"),
    "service_type": ("service", "service_needed"),
    "message": ("comments", "comment", "notes", "details", "query", "description", "requirements",
                "your_message"),
    "language": ("lang", "preferred_language"),
    "compares_offers": ("comparing_offers", "other_quotes", "has_other_quotes"),
    "technical_questions": ("questions_asked",),
    "objections_resolved": (),
    "sentiment": ("sentiment_score",),
    "engagement_minutes": ("duration_minutes",),
    "external_id": ("lead_id", "vendor_lead_id", "reference"),
    "certificate_url": ("trustedform_cert_url", "xxtrustedformcerturl", "xx_trusted_form_cert_url",
                        "trusted_form_cert_url", "trustedform_url"),
}

PROPERTY_TYPES: dict[str, tuple[str, ...]] = {
    "single_family": ("house", "home", "single family home", "detached", "independent house",
                      "villa", "bungalow", "residential", "row house", "1 family", "one family"),
    "multi_family": ("multifamily", "two family", "2 family", "3 family", "4 family", "duplex",
                     "triplex", "two family house", "multi family home"),
    "townhouse": ("town house", "townhome"),
    "brownstone": ("brown stone",),
    "condo": ("condominium",),
    "co_op": ("coop", "cooperative", "co op apartment"),
    "apartment": ("flat", "rental", "unit", "apartment building"),
    "commercial": ("business", "office", "shop", "factory", "industrial", "warehouse", "retail",
                   "school", "hospital", "hotel", "commercial building"),
}
TIMELINES: dict[str, tuple[str, ...]] = {
    "immediate": ("immediately", "asap", "now", "urgent", "right away", "this month",
                  "as soon as possible", "0 3 months", "within a month", "1 month"),
    "within_3_months": ("3 months", "1 3 months", "next 3 months", "three months", "this quarter"),
    "within_6_months": ("6 months", "3 6 months", "six months", "half a year"),
    "within_year": ("year", "12 months", "6 12 months", "this year", "next year", "1 year"),
    "researching": ("just researching", "research", "just looking", "not sure", "exploring",
                    "curious", "someday", "no rush"),
}
ROOF_TYPES: dict[str, tuple[str, ...]] = {
    "flat": ("terrace",),
    "pitched": ("sloped", "gable"),
    "asphalt_shingle": ("asphalt", "shingle", "shingles"),
    "slate": (),
    "tile": ("tiles", "clay tile", "tiled"),
    "metal": ("tin", "steel", "metal sheet"),
    "rcc": ("concrete", "rcc slab"),
    "membrane": ("rubber", "epdm", "tpo"),
}
SHADING: dict[str, tuple[str, ...]] = {
    "none": ("no", "no shade", "full sun", "unshaded", "sunny"),
    "some": ("a little", "a little shade", "partial", "partly", "light", "moderate"),
    "heavy": ("a lot", "a lot of shade", "full shade", "shaded", "mostly shaded", "lots"),
}
DECISION_MAKERS: dict[str, tuple[str, ...]] = {
    "sole": ("me", "myself", "yes", "i decide", "primary"),
    "joint": ("spouse", "partner", "both", "together", "board", "family", "influencer"),
    "other": ("no", "landlord", "somebody else", "someone else", "researcher"),
}
CREDIT_RANGES: dict[str, tuple[str, ...]] = {
    "excellent": ("740", "750", "800", "very good"),
    "good": ("670 739", "680", "700", "650"),
    "fair": ("580 669", "600", "average"),
    "poor": ("bad", "low", "below 580", "500"),
}
LEVELS: dict[str, tuple[str, ...]] = {"low": (), "medium": ("normal",), "high": ("urgent", "hot")}
