"""Secrets at rest: encrypted in the database with a key set that can be rotated."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models, transaction

from apps.core.errors import Misconfigured


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _cipher() -> MultiFernet:
    return _keys(tuple(settings.ENCRYPTION_KEYS))


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # generic only in the stubs
    """Text that is ciphertext in the database and plain in Python. It cannot be searched.

    Encrypts with the first of `ENCRYPTION_KEYS` and decrypts with any. Reading raises
    Misconfigured when the key it was written with is gone.
    """

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return _cipher().encrypt(text.encode()).decode() if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value:
            return value
        try:
            return _cipher().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise Misconfigured(
                f"{self.model.__name__}.{self.name} was encrypted with a key that is no longer in"
                " ENCRYPTION_KEYS."
            ) from error


def rotate_model(model: type[models.Model]) -> int:
    """Write every encrypted value of `model` again with the first key. Returns how many rows."""
    names = [field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)]
    if not names:
        return 0
    rows = 0
    for pk in list(model._default_manager.values_list("pk", flat=True)):
        with transaction.atomic():  # somebody may change the secret at this very moment
            row = model._default_manager.select_for_update().filter(pk=pk).first()
            if row is not None:
                row.save(update_fields=names)
                rows += 1
    return rows
