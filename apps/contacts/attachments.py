"""What of this room hangs on a person, and what becomes of it in a merge."""

from apps.core.attachments import moves, stays

moves("contacts.contact", "contacts.ContactIdentity", "contact")
moves("contacts.contact", "contacts.Contact", "merged_into")
stays(
    "contacts.contact",
    "contacts.Consent",
    "contact",
    because="The ledger is only added to; it is read through `merged_into`.",
)
