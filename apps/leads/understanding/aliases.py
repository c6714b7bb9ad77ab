"""Other names of places, as people call them. Keys and names in lower case.

Names of record come from the postal areas of the market; these are nicknames and spellings beside
them, and neighbourhoods of Indian cities, whose postal areas have no names. General knowledge.
"""

from __future__ import annotations

from apps.leads.understanding.sayings import SAYINGS

BOROUGHS: dict[str, str] = {
    "manhattan": "manhattan",
    "brooklyn": "brooklyn",
    "bklyn": "brooklyn",
    "bk": "brooklyn",
    "queens": "queens",
    "the bronx": "bronx",
    "the bx": "bronx",
    "bx": "bronx",
    "qns": "queens",
    "da bronx": "bronx",
    "bronx": "bronx",
    "staten island": "staten_island",
    "staten isl": "staten_island",
    "staten": "staten_island",
}
NEIGHBORHOODS: dict[str, dict[str, str]] = {
    "nyc": {
        **{name.replace("_", " "): name for name in SAYINGS.words("places")["nyc"]},
        "spanish harlem": "east_harlem",
        "throggs neck": "throgs_neck",
        "east ny": "east_new_york",
        "ues": "upper_east_side",
        "uws": "upper_west_side",
        "les": "lower_east_side",
        "bed-stuy": "bedford_stuyvesant",
        "bed stuy": "bedford_stuyvesant",
        "bedstuy": "bedford_stuyvesant",
        "bed sty": "bedford_stuyvesant",
        "bed-sty": "bedford_stuyvesant",
        "wash heights": "washington_heights",
        "sheepshead": "sheepshead_bay",
        "bedford stuyvesant": "bedford_stuyvesant",
        "lic": "long_island_city",
        "fidi": "financial_district",
        "hells kitchen": "hells_kitchen",
        "harlem": "harlem",
        "astoria": "astoria",
        "bayside": "bayside",
        "crown heights": "crown_heights",
        "williamsburg": "williamsburg",
        "washington heights": "washington_heights",
        "east flatbush": "east_flatbush",
        "e flatbush": "east_flatbush",
        "st albans": "st_albans",
        "saint albans": "st_albans",
        "st george": "st_george",
        "soho": "soho",
        "tribeca": "tribeca",
        "stuy town": "stuyvesant_town",
        "stuytown": "stuyvesant_town",
        "the rockaways": "rockaway",
        "rockaway": "rockaway",
        "rockaway beach": "rockaway_beach",
        "ditmas park": "ditmas_park",
        "little neck": "little_neck",
        "douglaston": "douglaston",
        "brownsville": "brownsville",
        "great kills": "great_kills",
        "eltingville": "eltingville",
        "westerleigh": "westerleigh",
        "new springville": "new_springville",
        "stapleton": "stapleton",
        "ditmars": "ditmars_steinway",
        "prospect lefferts": "prospect_lefferts_gardens",
        "city island": "city_island",
        "country club": "country_club",
        "midtown": "midtown",
        "kew gardens hills": "kew_gardens_hills",
        "boro park": "borough_park",
        # Also a beer and a virus: a place where somebody lives in it.
        "in corona": "corona",
        "en corona": "corona",
        "corona queens": "corona",
        "corona, queens": "corona",
    },
    "india": {
        **{name.replace("_", " "): name for name in SAYINGS.words("places")["india"]},
        **SAYINGS.names("places_spelled"),
    },
}
# Words of everyday speech that are also names of places: a place only when something says so.
AMBIGUOUS = frozenset({"airport", "corona", "utopia", "satellite", "country club", "st", "les"})
