"""What hangs on a row and follows it when two rows turn out to be one.

`leads` merges leads, but what hangs on a lead belongs to higher rooms, of which it must not know.
So each room says, for every foreign key of its own, whether the rows move to the survivor or stay:

    moves("leads.lead", "pipeline.Journey", "lead")
    stays("contacts.contact", "contacts.Consent", "contact", because="The ledger is only added to")

An architecture test finds a foreign key that nobody spoke for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

Moved = dict[str, list[Any]]


@dataclass(frozen=True)
class Attachment:
    """A foreign key to a row that may be merged.

    `apart` names the fields that tell rows of one owner apart: a row the survivor has already
    stays behind. `held_first` is for rows that others lock before the row they hang on.
    """

    model: str
    field: str
    apart: tuple[str, ...] = ()
    held_first: bool = False
    because: str = ""  # why the rows stay; empty for rows that move

    @property
    def key(self) -> str:
        return f"{self.model}.{self.field}".lower()

    def rows(self) -> QuerySet[Any]:
        """All rows, past any manager that hides some or refuses updates."""
        model: type[Model] = apps.get_model(self.model)
        return model._base_manager.all()


_attachments: dict[str, dict[str, Attachment]] = defaultdict(dict)


def moves(
    to: str, model: str, field: str, *, apart: tuple[str, ...] = (), held_first: bool = False
) -> None:
    """The rows of `model` that point at a `to` ("leads.lead") by `field` follow it in a merge."""
    attachment = Attachment(model, field, apart=apart, held_first=held_first)
    _attachments[to][attachment.key] = attachment


def stays(to: str, model: str, field: str, *, because: str) -> None:
    """The rows of `model` keep pointing at the row they were written for, and why."""
    attachment = Attachment(model, field, because=because)
    _attachments[to][attachment.key] = attachment


def attachments_of(to: str) -> list[Attachment]:
    """Everything that was said about `to`."""
    return list(_attachments[to].values())


def hold_first(to: str, owners: Iterable[int]) -> None:
    """Lock the rows that others lock before their owner, so that nobody waits for us in a ring."""
    for attachment in attachments_of(to):
        if attachment.held_first:
            rows = attachment.rows().filter(**{f"{attachment.field}__in": list(owners)})
            list(rows.select_for_update().order_by("pk").values_list("pk"))


def move_attached(to: str, *, source: int, target: int) -> Moved:
    """Let what hangs on `source` hang on `target`. Returns the keys of the rows that moved."""
    moved: Moved = {}
    for attachment in attachments_of(to):
        if attachment.because:
            continue
        there = _said(attachment, target)
        rows = attachment.rows().filter(**{attachment.field: source})
        keys = [pk for pk, *said in _told_apart(rows, attachment) if said not in there]
        if keys:
            attachment.rows().filter(pk__in=keys).update(**{attachment.field: target})
            moved[attachment.key] = keys
    return moved


def return_attached(to: str, moved: Mapping[str, list[Any]], *, source: int, target: int) -> int:
    """Let rows that once moved from `source` to `target` hang on `source` again.

    Returns how many could not: deleted meanwhile, or moved on.
    """
    missing = 0
    for key, keys in moved.items():
        attachment = _attachments[to].get(key)
        if attachment is None:  # a room that is no longer installed
            missing += len(keys)
            continue
        there = attachment.rows().filter(pk__in=keys, **{attachment.field: target})
        missing += len(keys) - there.update(**{attachment.field: source})
    return missing


def _told_apart(rows: QuerySet[Any], attachment: Attachment) -> Iterable[list[Any]]:
    return (list(values) for values in rows.order_by("pk").values_list("pk", *attachment.apart))


def _said(attachment: Attachment, owner: int) -> list[list[Any]]:
    """What tells the owner's rows apart; nothing where rows need not be told apart."""
    if not attachment.apart:
        return []
    rows = attachment.rows().filter(**{attachment.field: owner})
    return [said for _, *said in _told_apart(rows, attachment)]
