"""How a name is written. Pure."""

from __future__ import annotations


def as_name(name: str) -> str:
    """ "meena" and "MEENA" as "Meena"; what has capitals of its own as it is."""
    name = name.strip(".").replace("’", "'")
    return (
        name
        if not name.islower() and not (name.isupper() and len(name) > 2)
        else "-".join(
            "'".join(piece.capitalize() for piece in part.split("'")) for part in name.split("-")
        )
    )
