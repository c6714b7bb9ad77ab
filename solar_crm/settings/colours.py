"""The colours of the internal pages."""

# The gold of frontend/styles.css from paper to ink.
GOLD = {
    "50": "oklch(98.5% .018 85)",
    "100": "oklch(96% .045 86)",
    "200": "oklch(92% .09 87)",
    "300": "oklch(86% .13 85)",
    "400": "oklch(79% .15 80)",
    "500": "oklch(70% .15 75)",
    "600": "oklch(58% .13 70)",
    "700": "oklch(49% .11 66)",
    "800": "oklch(41% .09 63)",
    "900": "oklch(35% .07 61)",
    "950": "oklch(24% .05 58)",
}
