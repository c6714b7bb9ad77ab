"""Times of the year by their names, the month they begin in, and how far away they are. Pure."""

from __future__ import annotations

from datetime import date

TIMES = (
    r"spring|summer|fall|autumn|winter|primavera|verano|diwali|holi\b|christmas|easter|new year|"
    r"thanksgiving|"
    r"memorial day|labor day|monsoons?|rains|barsaat|barish|baarish|dussehra|navratri|dhanteras|"
    r"pongal|"
    r"दिवाली|दीवाली|होली|गर्मियों|गर्मी|बरसात|जनवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|"
    r"सितंबर|अक्टूबर|नवंबर|दिसंबर|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|"
    r"(?<!\bi )(?<!\bwe )(?<!\bit )(?<!\bthat )may|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
FIRST_MONTH = {
    "spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12, "primavera": 3, "verano": 6,
    "holi": 3, "diwali": 10, "christmas": 12, "easter": 4, "new year": 1,
    "memorial day": 5, "labor day": 9, "thanksgiving": 11,
    "garmi": 4, "garmiyon": 4, "garmiyo": 4, "monsoon": 6, "monsoons": 6, "rains": 6, "barsaat": 6,
    "barish": 6, "baarish": 6, "dussehra": 10, "navratri": 10, "dhanteras": 10, "pongal": 1,
    "दिवाली": 10, "दीवाली": 10, "होली": 3, "गर्मियों": 4, "गर्मी": 4, "बरसात": 6,
    "जनवरी": 1, "फरवरी": 2, "मार्च": 3, "अप्रैल": 4, "मई": 5, "जून": 6, "जुलाई": 7, "अगस्त": 8,
    "सितंबर": 9, "अक्टूबर": 10, "नवंबर": 11, "दिसंबर": 12,
}  # fmt: skip


def months_left_of(what: str, today: date) -> float:
    """Months to the end of this quarter, of India's "financial year", or of the year."""
    if what == "quarter":
        return 3
    if " " in what:  # India's financial year ends with March
        return (3 - today.month) % 12 or 1
    return max(1, 12 - today.month)


def months_to_middle_of(year: int, today: date) -> float:
    """Months from today to the summer of a year."""
    return (year - today.year) * 12 - today.month + 7
