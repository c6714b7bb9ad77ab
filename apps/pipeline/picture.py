"""A journey as a picture: the road from the door to a person, and where this one stands."""

from __future__ import annotations

from dataclasses import dataclass

from apps.pipeline.models import Journey, JourneyState, Outcome, StepName, Way

STATE_TONES = {"moving": "info", "waiting": "warn", "parked": "bad", "done": "good"}
_ICONS = {
    StepName.PARSE: "menu_book",
    StepName.CAPTURE: "person_search",
    StepName.SCORE: "speed",
    StepName.DECIDE: "alt_route",
    StepName.WORK: "handshake",
    StepName.SELL: "storefront",
}
# Where the road ends early.
_LAST_STEP = {
    Outcome.NO_IDENTITY: StepName.PARSE,
    Outcome.NO_CONSENT: StepName.PARSE,
    Outcome.JOINED: StepName.PARSE,
    Outcome.NOTHING: StepName.PARSE,
    Outcome.HELD: StepName.DECIDE,
}


@dataclass(frozen=True)
class Stop:
    """A step on the road. `state`: done, here, parked, waiting, or ahead."""

    label: str
    icon: str
    state: str
    words: str


def road(journey: Journey) -> list[Stop]:
    """The whole road of a journey, beginning with the door."""
    steps = list(StepName)
    reached = steps.index(StepName(_LAST_STEP.get(Outcome(journey.outcome), journey.step)))
    stops = [Stop("Taken in", "inbox", "done", "done")]
    for position, step in enumerate(steps):
        state = _state(journey, position, reached)
        words = _WORDS[state]
        if state == "waiting" and journey.waits_for:
            words = journey.waits_for
        if journey.decision.get("way") == Way.SELL:
            state, words = _of_sold(journey, step, state, words)
        stops.append(Stop(step.label, _ICONS[step], state, words))
    return stops


def _of_sold(journey: Journey, step: StepName, state: str, words: str) -> tuple[str, str]:
    """What is to be sold is worked only when nobody takes it: the last two stops change places."""
    if journey.step == StepName.SELL and step == StepName.WORK:
        return "skipped", _WORDS["skipped"]
    if journey.step == StepName.WORK and step == StepName.SELL:
        return "done", "no buyer takes it"
    return state, words


_WORDS = {
    "done": "done",
    "here": "now",
    "waiting": "will be tried again",
    "parked": "stands still here",
    "ahead": "not yet",
    "skipped": "not needed",
}


def _state(journey: Journey, position: int, reached: int) -> str:
    if journey.state == JourneyState.DONE:
        return "done" if position <= reached else "skipped"
    if position == reached:
        here = {JourneyState.PARKED: "parked", JourneyState.WAITING: "waiting"}
        return here.get(JourneyState(journey.state), "here")
    return "done" if position < reached else "ahead"
