"""What follows from a reply: the score, the consent, a person called in, an opt-out, a lead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.contacts.models import ContactIdentity, Suppression
from apps.contacts.suppression import suppress
from apps.conversations import live
from apps.conversations.actions.handing_in import conversation_hand_in
from apps.conversations.builtin import CONSENT_TO_WRITE, question_for
from apps.conversations.contracts import Act, Plan, Standing
from apps.conversations.memory import Memory
from apps.conversations.models import Conversation
from apps.conversations.quality import conversation_score
from apps.conversations.selectors import people_present
from apps.leads.actions.scoring import scoring_in_use
from apps.notifications.actions import notify
from apps.solar.selectors import place_remembered
from apps.users.models import User
from apps.users.roles import roles_with

CONSENT_VERSION = "chat-2026-11"
WAITING = "chat.waiting"
_LONG_ENOUGH_MINUTES = 2  # before that a short talk says nothing of how much somebody wants it
State = Conversation.State


def what_follows(
    conversation: Conversation, plan: Plan, standing: Standing, memory: Memory, *, now: datetime
) -> dict[str, Any]:
    """What a reply changes in its conversation, beside what was said."""
    changes: dict[str, Any] = _scored(conversation, standing, memory, now)
    if memory.consent and not conversation.consent:
        changes["consent"] = _consent(memory, now)
    elif memory.no_calls and "call" in conversation.consent.get("channels", ()):
        changes["consent"] = _without_calls(conversation.consent)
    if plan.opts_out:
        changes["consent"] = {"given": False, "at": now.isoformat()}
    if plan.hands_over:
        changes |= {
            "state": State.WAITING,
            "handover_reason": plan.hands_over,
            "waiting_since": conversation.waiting_since or now,
        }
    elif plan.closes:
        changes["state"] = State.CLOSED
    return changes


def follow(conversation: Conversation, plan: Plan, standing: Standing, *, now: datetime) -> None:
    """What a reply brings with it elsewhere, in its transaction, once its changes are written."""
    if plan.opts_out:
        _opt_out(standing, ContactIdentity.Kind.PHONE, ContactIdentity.Kind.EMAIL)
    elif standing.consent == "given" and Act("respect", "calls") in plan.acts:
        _opt_out(standing, ContactIdentity.Kind.PHONE)  # a consent to call may be with the lead
    if plan.hands_over or plan.closes:
        live.push_state(conversation)
    if plan.hands_over:
        _call_in(conversation, plan.hands_over, now)
    reachable = bool(standing.facts.get("phone") or standing.facts.get("email"))
    if reachable and (plan.closes or plan.hands_over or standing.new & _WORTH_TELLING):
        conversation_hand_in(conversation, now=now)


_WORTH_TELLING = frozenset({"phone", "email", "survey"})


def _scored(
    conversation: Conversation, standing: Standing, memory: Memory, now: datetime
) -> dict[str, Any]:
    version, parameters = scoring_in_use()
    zone = ZoneInfo(conversation.market.time_zone)
    raised = len(standing.facts.get("objections") or ())
    minutes = (now - conversation.started_at).total_seconds() / 60
    answered = sum(1 for told in memory.told if told.startswith("objection:"))
    score = conversation_score(
        standing.facts,
        market=standing.market,
        place=place_remembered(standing.market, str(standing.facts.get("zip_code") or "")),
        month=now.astimezone(zone).month,
        minutes=minutes if minutes >= _LONG_ENOUGH_MINUTES else None,
        technical_questions=memory.technical_questions or None,
        objections_resolved=min(1.0, answered / raised) if raised else None,
        parameters=parameters,
    )
    return {
        "score": score.total,
        "tier": score.tier,
        "score_detail": {"model": version, "parts": dict(score.parts), "cap": score.cap},
    }


def _consent(memory: Memory, now: datetime) -> dict[str, Any]:
    """What was agreed to, in the words that were shown."""
    asked_before = max(0, memory.asked.get("consent", 1) - 1)
    question = CONSENT_TO_WRITE if memory.no_calls else "consent"
    return {
        "given": memory.consent == "given",
        "text": question_for(question, memory.language or "en", asked_before),
        "version": CONSENT_VERSION,
        "channels": ["email"] if memory.no_calls else ["call", "email"],
        "at": now.isoformat(),
    }


def _without_calls(consent: Mapping[str, Any]) -> dict[str, Any]:
    """A consent given before somebody asked not to be called."""
    channels = [one for one in consent["channels"] if one != "call"]
    return {**consent, "channels": channels, "given": bool(consent["given"] and channels)}


def _opt_out(standing: Standing, *kinds: ContactIdentity.Kind) -> None:
    """At once, for every address of these kinds that we have heard."""
    for kind in kinds:
        if value := standing.facts.get(kind.value):
            suppress(
                kind=kind,
                value=value,
                reason=Suppression.Reason.OPT_OUT,
                note="Said so in the chat",
            )


def _call_in(conversation: Conversation, reason: str, now: datetime) -> None:
    """Whoever has the inbox open; when nobody has, everybody who may answer."""
    people = list(people_present(now).values_list("pk", flat=True)) or list(
        User.objects.filter(
            is_active=True, role__in=roles_with("conversations.change_conversation")
        ).values_list("pk", flat=True)
    )
    notify(
        WAITING,
        recipients=people,
        title="A visitor waits for a person in the chat",
        body={
            "request": "They asked for one.",
            "anger": "They are angry.",
            "legal": "They speak of a legal matter.",
            "not_understood": "The assistant does not understand them.",
        }[reason],
        link=f"/admin/conversations/conversation/inbox/?open={conversation.public_id}",
        key=f"chat:{conversation.public_id}:{conversation.handover_reason}:{now:%Y%m%d%H}",
        level="critical" if reason == "legal" else "warning",
        needs_action=True,
        now=now,
    )
