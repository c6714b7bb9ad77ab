"""What the next reply does, what it asks for, and why. Pure.

The policy, in order: what must be obeyed (opt-out), who must speak instead of us (a person), what
we decline (tricks, other people's data), what was asked, what holds somebody back, what we can
tell now (an estimate, community solar), and last the one fact that helps most. A fact that is
known is never asked for; one question at a time; the same question twice at most; consent comes
before the telephone.
"""

from __future__ import annotations

from collections.abc import Iterator

from apps.conversations.asking import (
    ASKED_ABOUT_PEOPLE,
    SHARED_ROOF,
    TELLS_NO_FACT,
    WANTS_A_PERSON,
    ask_next,
    first_open,
    is_open,
    is_renter,
    needs_no_roof,
    survey_needs,
)
from apps.conversations.contracts import Act, Plan, Signals, Standing

MOST_FAILURES = 2
_MOST_OBJECTIONS = 2
_ESTIMATE_NEEDS = ("zip_code", "monthly_bill")
# What an estimate is made from: a change of one of these makes it out of date.
ESTIMATE_FACTS = frozenset({*_ESTIMATE_NEEDS, "property_type", "shading"})
FORMS = ("callback", "survey", "transcript")  # acts below which the page offers a form
IF_KNOWN = "if_known"  # an answer that is left out, without a word, where we have none
LEGAL_MATTER = "handover:legal"  # among what was told: a person has it
REFUSALS = frozenset({"injection", "others_data", "off_topic"})
_NOTED_BY_NAME = ("monthly_bill", "zip_code", "phone", "email")


def decide(standing: Standing, signals: Signals) -> Plan:
    """The plan for the reply to a message."""
    intent = standing.facts.get("intent") if "intent" in standing.new else ""
    if intent == "opt_out":
        return Plan("closed", (Act("opt_out"),), closes=True, opts_out=True, why="Asked to stop")
    if reason := _handover_reason(standing, signals, str(intent)):
        return _hand_over(standing, reason)
    if signals.trouble == "minor":
        return Plan("closed", (Act("refuse", "minor"),), closes=True, why="Not of age")
    failures = _failures(standing, signals)
    if failures >= MOST_FAILURES:
        return _hand_over(standing, "not_understood")
    acts = tuple(_acts(standing, signals, str(intent)))
    if signals.leaves and not signals.asks:
        return Plan("closed", (*acts, Act("goodbye")), closes=True, why="Says goodbye")
    # Whoever fills in a form, or waits for a person, is asked no more.
    has_form = any(act.kind in FORMS or act.kind == "wait" for act in acts)
    contact_first = signals.is_ready or Act("survey_first") in acts
    asks = "" if has_form else ask_next(standing, contact_first=contact_first)
    stays = signals.is_unclear or Act("explain", standing.last_asked) in acts
    if stays and not has_form and standing.last_asked and is_open(standing, standing.last_asked):
        asks = standing.last_asked
    stage = _stage(standing, acts, asks)
    ending = () if has_form else (Act("ask", asks) if asks else Act("offer_help"),)
    if LEGAL_MATTER in standing.told:  # who spoke of a lawyer is answered, and asked for nothing
        asks, ending = "", () if any(act.kind == "answer" for act in acts) else (Act("wait"),)
    return Plan(
        stage=stage,
        acts=(*acts, *ending),
        asks=asks,
        failures=failures,
        why=f"Still open: {asks.replace('_', ' ')}" if asks else "Everything we ask for is known",
    )


def _handover_reason(standing: Standing, signals: Signals, intent: str) -> str:
    if signals.trouble == "legal":
        return "legal"
    # "Call me on 98220 12345" is the number we asked for, and no call for a person now.
    gives_number = standing.last_asked == "phone" and "phone" in standing.new
    if intent == "human" and not (gives_number or signals.permits):
        return "request"
    return "anger" if signals.is_angry else ""


def _hand_over(standing: Standing, reason: str) -> Plan:
    """To a person who is there; else a call back, for which we need consent and a number."""
    acts = (Act("handover" if standing.may_be_answered else "callback", reason),)
    asks = ""
    if not standing.may_be_answered or reason == "request":
        asks = first_open(standing, ("consent", "phone", "email"))
    return Plan(
        stage="handover",
        acts=(*acts, Act("ask", asks)) if asks else acts,
        asks=asks,
        hands_over=reason,
        why={
            "legal": "A legal matter is for a person",
            "request": "Asked for a person",
            "anger": "Is angry",
            "not_understood": f"Not understood {MOST_FAILURES} times",
        }[reason],
    )


def _failures(standing: Standing, signals: Signals) -> int:
    """Turns in a row without anything we could use, this one among them."""
    return standing.failures + 1 if signals.is_unclear and "service" not in standing.told else 0


def _acts(standing: Standing, signals: Signals, intent: str) -> Iterator[Act]:
    """What a reply does before it asks, in order."""
    if signals.trouble in REFUSALS:
        yield Act("refuse", signals.trouble)
        return
    if signals.waits and standing.told & {WANTS_A_PERSON, LEGAL_MATTER}:
        yield Act("wait")
        return
    if (signals.is_unclear or signals.chats) and standing.turns:
        is_passed_on = signals.chats or "service" in standing.told
        yield Act("answer", IF_KNOWN)
        yield Act("heard" if is_passed_on else "not_understood")
        return
    if standing.turns == 0 and "greet" not in standing.told:
        yield Act("greet")
    if intent == "service" and "service" not in standing.told:
        yield Act("service")
    yield from _courtesies(standing, signals)
    yield from _answers(standing, signals, intent)
    for objection in _new_objections(standing, signals)[:_MOST_OBJECTIONS]:
        yield Act("objection", objection)
    yield from _what_we_can_tell(standing, signals)
    if signals.thanks and not (signals.asks or signals.declines or standing.new):
        yield Act("thanks")


def _answers(standing: Standing, signals: Signals, intent: str) -> Iterator[Act]:
    """What was asked, of us or of our question."""
    if signals.wants_transcript:
        yield Act("transcript")
    elif signals.wonders and standing.last_asked:
        yield Act("explain", standing.last_asked)
    elif signals.asks and intent != "service" and not signals.wants_survey:
        yield Act("answer")
    elif signals.may_ask or signals.asks:
        yield Act("answer", IF_KNOWN)


def _courtesies(standing: Standing, signals: Signals) -> Iterator[Act]:
    """That what was said, or not said, has been heard."""
    if signals.no_calls:
        yield Act("respect", "calls")
    elif signals.declines and standing.last_asked in ASKED_ABOUT_PEOPLE:
        yield Act("respect", standing.last_asked)
    else:
        kept = signals.withholds - standing.new
        named = sorted(kept & ASKED_ABOUT_PEOPLE)
        declines = signals.declines and standing.last_asked and not standing.new
        if named:
            yield Act("respect", named[0])
        elif kept or (declines and not signals.asks):
            yield Act("respect", "fact")
    noted = [key for key in _NOTED_BY_NAME if key in standing.new]
    if standing.last_asked == "consent" and signals.agrees:
        yield Act("noted", "consent")
    elif signals.supposes_bill and "monthly_bill" in standing.new:
        yield Act("noted", "bill_supposed")
    elif noted:
        yield Act("noted", noted[0])
    elif standing.new - TELLS_NO_FACT and not signals.asks:
        yield Act("noted", "fact")


def _new_objections(standing: Standing, signals: Signals) -> list[str]:
    if "objections" not in standing.new:
        return []
    found = standing.facts.get("objections") or ()
    answered = {"renting"} if is_renter(standing) else set()  # community solar is the answer
    if signals.declines and standing.last_asked in ASKED_ABOUT_PEOPLE:
        answered.add("timing")  # "not now" to a survey is a no, and has been respected
    return [one for one in found if one not in answered and f"objection:{one}" not in standing.told]


def _what_we_can_tell(standing: Standing, signals: Signals) -> Iterator[Act]:
    """An estimate when it can be made and is not yet told, or is no longer right; and offers."""
    facts = standing.facts
    asks_for_it = "intent" in standing.new and facts.get("intent") == "community_solar"
    if (needs_no_roof(standing) or asks_for_it) and "community_solar" not in standing.told:
        yield Act("community_solar")
    if needs_no_roof(standing):
        return
    can = all(facts.get(key) for key in _ESTIMATE_NEEDS) and facts.get("intent") != "service"
    is_out_of_date = "estimate" not in standing.told or standing.new & ESTIMATE_FACTS
    if can and is_out_of_date and not signals.trouble:
        yield Act("estimate")
    if facts.get("property_type") in SHARED_ROOF and "shared_roof" not in standing.told:
        yield Act("shared_roof", str(facts["property_type"]))
    yield from _survey(standing, signals)


def _survey(standing: Standing, signals: Signals) -> Iterator[Act]:
    """The free times for who wants a survey; before that, what we need of them."""
    agrees = standing.last_asked == "survey" and signals.agrees
    wants = signals.wants_survey or agrees or "survey_first" in standing.told
    if (
        "minor" in standing.told
        or not wants
        or ("survey" in standing.told and not signals.wants_survey)
    ):
        return
    if not survey_needs(standing.facts, standing.consent):
        yield Act("survey")
    elif "survey_first" not in standing.told:
        yield Act("survey_first")
    elif signals.wants_survey:
        yield Act("noted", "time")


def _stage(standing: Standing, acts: tuple[Act, ...], asks: str) -> str:
    kinds = {act.kind for act in acts}
    if "objection" in kinds:
        return "objection"
    if asks in {"consent", "phone", "email", "survey"} or "survey" in kinds:
        return "scheduling"
    if "estimate" in kinds or standing.has_estimate:
        return "proposal" if "estimate" in kinds else "technical"
    if asks in {"shading", "roof_age", "roof_type"}:
        return "technical"
    if asks in {"monthly_bill", "timeline", "decision_maker"}:
        return "qualification"
    return "welcome" if standing.turns == 0 and not standing.new else "discovery"
