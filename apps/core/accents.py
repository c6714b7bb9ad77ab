"""Letters without their accents, for finding "Peña" by "pena": alike in Python and PostgreSQL.

The accents are Unicode's combining diacritical marks (U+0300 to U+036F), which Latin, Greek and
Cyrillic letters bear. Signs that make another word of it, as the vowels of Devanagari, stay.
"""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Func, TextField

_ACCENTS = r"[\u0300-\u036f]"
_SQL = rf"normalize(regexp_replace(normalize(%(expressions)s, NFD), '{_ACCENTS}', '', 'g'), NFC)"


def without_accents(text: str) -> str:
    """ "Çelik" → "Celik"."""
    bare = re.sub(_ACCENTS, "", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare)


def without_accents_sql(expression: str) -> str:
    """The same as an expression of PostgreSQL: immutable, so that an index may be on it."""
    return _SQL % {"expressions": expression}


class WithoutAccents(Func):
    """The same in a query. SQLite, which serves for a look only, compares letters as they are."""

    template = _SQL
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):  # type: ignore[no-untyped-def]
        return super().as_sql(compiler, connection, template="%(expressions)s", **context)
