"""What the gate needs to know of a lead, gathered."""

from __future__ import annotations

from apps.contacts.models import Channel
from apps.contacts.selectors import consent_state, email_is_reachable
from apps.contacts.suppression import suppressed_kinds
from apps.intake.choices import Provenance
from apps.leads.mail.gate import Consent, MailFacts, Verdict, mail_gate
from apps.leads.models import Lead, LeadMail


def mail_verdict(lead: Lead, *, is_marketing: bool) -> Verdict:
    """Whether a mail may go to this lead now, and why (not)."""
    return mail_gate(
        MailFacts(
            address=lead.email,
            is_suppressed="email" in suppressed_kinds(email=lead.email, phone=""),
            is_reachable=email_is_reachable(lead.email),
            consent=_consent(lead),
            is_marketing=is_marketing,
            came_to_us=lead.provenance == Provenance.FIRST_PARTY,
            wrote_to_us=lead.mails.filter(direction=LeadMail.Direction.IN).exists(),
        )
    )


def _consent(lead: Lead) -> Consent:
    line = consent_state(lead.contact_id)[Channel.EMAIL]
    if line is None:
        return "unknown"
    return "given" if line.kind == line.Kind.GIVEN else "revoked"
