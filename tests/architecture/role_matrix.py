"""Who may do what: role x endpoint x method x whose object -> the status they get.

The one table of it, walked by `test_role_matrix.py`, which finds every address by itself. A new
endpoint gets its row in `API`, a new model page in `PAGES`, a new address of the admin or a new
button in `ADMIN`, a new socket in `SOCKETS`: in the part of its room, with every caller's status.
An address with an object has a row for each of `OWN`, `OTHERS` and `NOBODYS` where leads hang on
it; what makes the object stands in `OBJECTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone

from apps.b2b.models import Delivery, PlatformAlert, PricingPolicy, Sale
from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.models import Conversation
from apps.core.ids import new_id
from apps.core.models import OutboxMessage
from apps.intake.models import InboundEvent, LeadSource
from apps.integrations.models import Import
from apps.leads.models import Appointment, DuplicateSuggestion, Lead, SavedView, Task
from apps.notifications.models import Alert
from apps.pipeline.models import Journey
from apps.users.models import ApiKey, User
from tests.factories.assignment import make_draft, make_rule
from tests.factories.b2b import make_platform
from tests.factories.leads import make_lead
from tests.factories.users import PASSWORD
from tests.notifications.kinds import URGENT, told

CALLERS = (
    "anonymous", "buyer", "technician", "analyst", "support", "sales", "manager", "admin",
)  # fmt: skip


class Whose(StrEnum):
    """Whose the object of an address is, seen from the caller. ANY: it belongs to nobody at all."""

    ANY = "any"
    OWN = "own"
    OTHERS = "other's"
    NOBODYS = "nobody's"


ANY, OWN, OTHERS, NOBODYS = Whose


@dataclass(frozen=True)
class Scene:
    """What a row is tried on: who calls, whose the object is, and somebody else who sells."""

    caller: User | None
    whose: Whose
    colleague: User

    @property
    def owner(self) -> User | None:
        return {Whose.OWN: self.caller, Whose.OTHERS: self.colleague}.get(self.whose)


Body = dict[str, Any] | Callable[[Scene], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One line: what each of CALLERS gets. `body` is sent; it may be made from the scene."""

    method: str
    route: str
    statuses: tuple[int, ...]
    of: Whose = Whose.ANY
    body: Body = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.statuses) != len(CALLERS):
            raise ValueError(f"{self}: a status for each of {', '.join(CALLERS)}.")

    def __str__(self) -> str:
        return f"{self.method} {self.route}" + ("" if self.of is ANY else f" ({self.of})")


def _row(statuses: str, method: str, route: str, of: Whose = ANY, body: Body | None = None) -> Row:
    """`statuses`: one for each caller, or one for all of them."""
    numbers = tuple(int(word) for word in statuses.split())
    return Row(method, route, numbers * (len(CALLERS) if len(numbers) == 1 else 1), of, body or {})


def _changes(method: str, route: str, done: int, body: Body | None = None) -> tuple[Row, ...]:
    """The three rows of what whoever works leads does to one: not to a colleague's."""
    return tuple(
        _row(f"401 403 403 403 403 {404 if of is OTHERS else done} {done} {done}",
             method, route, of, body)
        for of in (OWN, OTHERS, NOBODYS)
    )  # fmt: skip


# --- the objects that addresses name --------------------------------------------------------------


def _lead(scene: Scene) -> Lead:
    return make_lead(assigned_to=scene.owner)


def _appointment(scene: Scene) -> Appointment:
    starts_at = timezone.now() + timedelta(days=3)
    return Appointment.objects.create(
        lead=_lead(scene),
        market_id="nyc",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        team=1,
    )


def _task(scene: Scene) -> Task:
    return Task.objects.create(
        lead=_lead(scene), title="Call", due_at=timezone.now(), assignee=scene.owner
    )


def _event(scene: Scene) -> InboundEvent:
    source = LeadSource.objects.get(slug="website-form")
    return InboundEvent.objects.create(source=source, body=b"{}", repeat_key=str(new_id()))


def _policy() -> PricingPolicy:
    return PricingPolicy.objects.create(version=str(new_id())[-20:], parameters={})


def _platform_alert(scene: Scene) -> PlatformAlert:
    return PlatformAlert.objects.create(key="x", level="info")


def _delivery(scene: Scene) -> Delivery:
    platform = make_platform()
    lead = _lead(scene)
    sale = Sale.objects.create(lead=lead, platform=platform, price=100, currency="USD")
    return Delivery.objects.create(sale=sale, platform=platform, method=platform.method)


def _api_key(scene: Scene) -> int:
    owner = scene.owner or scene.colleague
    return ApiKey.objects.create(owner=owner, name="x", digest=str(new_id())).pk


def _conversation(scene: Scene) -> Conversation:
    """One that somebody has taken over; nobody's is the assistant's."""
    found = conversation_open(Visitor("nyc"), now=timezone.now()).conversation
    if scene.owner is not None:
        found.agent, found.state = scene.owner, Conversation.State.PERSON
        found.save()
    return found


def _alert(scene: Scene) -> Alert:
    told(scene.owner or scene.colleague, kind=URGENT, needs_action=True)
    return Alert.objects.get()


def _of_the_same(scene: Scene) -> dict[str, Any]:
    """Another lead of whoever has the first."""
    return {"duplicate_id": str(_lead(scene).public_id)}


def _pair(scene: Scene) -> DuplicateSuggestion:
    return DuplicateSuggestion.objects.create(
        first=_lead(scene), second=_lead(scene), kind="person", score=90
    )


def _import(scene: Scene) -> Import:
    return Import.objects.create(file_name="x.csv", columns=["email"], market_id="nyc")


def _view(scene: Scene) -> SavedView:
    return SavedView.objects.create(owner=scene.owner or scene.colleague, name=new_id())


# By the name in the address of an API endpoint; the admin's are rows by their label.
OBJECTS: dict[str, Callable[[Scene], Any]] = {
    "view_id": lambda scene: _view(scene).public_id,
    "lead_id": lambda scene: _lead(scene).public_id,
    "task_id": lambda scene: _task(scene).public_id,
    "event_id": lambda scene: _event(scene).public_id,
    "conversation_id": lambda scene: _conversation(scene).public_id,
    "alert_id": lambda scene: _alert(scene).public_id,
    "kind": lambda scene: URGENT.code,
    "import_id": lambda scene: _import(scene).public_id,
    "delivery_id": lambda scene: _delivery(scene).public_id,
    "platform": lambda scene: make_platform().slug,
    "platform_alert_id": lambda scene: (
        PlatformAlert.objects.create(key="x", level="info").public_id
    ),
}
ADMIN_OBJECTS: dict[str, Callable[[Scene], Any]] = {
    "leads.lead": lambda scene: _lead(scene).pk,
    "leads.duplicatesuggestion": lambda scene: _pair(scene).pk,
    "integrations.import": lambda scene: _import(scene).pk,
    "conversations.conversation": lambda scene: _conversation(scene).public_id,
    "b2b.delivery": lambda scene: _delivery(scene).pk,
    "b2b.platform": lambda scene: make_platform().pk,
    "b2b.platformalert": lambda scene: _platform_alert(scene).pk,
    "b2b.pricingpolicy": lambda scene: _policy().pk,
    "b2b.sale": lambda scene: _lead(scene).pk,
    "leads.ruleset": lambda scene: make_rule(rule_set=make_draft()).rule_set_id,
    "leads.assignmentrule": lambda scene: make_rule(rule_set=make_draft()).pk,
    "intake.inboundevent": lambda scene: _event(scene).pk,
    "intake.leadsource": lambda scene: LeadSource.objects.get(slug="website-form").pk,
    "core.outboxmessage": lambda scene: OutboxMessage.objects.create(topic="t", handler="h").pk,
    "notifications.alert": lambda scene: _alert(scene).pk,
    "pipeline.journey": lambda scene: Journey.objects.create(event=_event(scene)).pk,
    "users.apikey": _api_key,
    "users.user": lambda scene: scene.colleague.pk,
    "leads.appointment": lambda scene: _appointment(scene).pk,
}

_TO_DELIVER = lambda scene: {"lead_id": str(_lead(scene).public_id)}  # noqa: E731 (a row's body)
_BEGIN = {"sequence": "nobody-reached"}
_MAIL = {"subject": "Your roof", "body": "When may we look at it?"}
_TASK = {"title": "Call", "due_at": "2026-12-01T10:00:00Z"}
_CALL = {"outcome": "no_answer"}

# --- the API: addresses below /api/ (and, the same thing, below /api/v1/) -------------------------
API: tuple[Row, ...] = (
    #     anonymous, buyer, technician, analyst, support, sales, manager, admin
    _row("200", "GET", "schema/"),
    _row("200", "GET", "docs/"),
    # b2b
    _row("401 403 403 403 403 403 409 409", "POST", "b2b/deliver-lead/", OWN, _TO_DELIVER),
    _row("401 403 403 200 403 403 200 200", "GET", "b2b/delivery-status/<uuid:delivery_id>/"),
    _row("401 403 403 200 403 403 200 200", "GET", "b2b/platforms/"),
    _row("401 403 403 403 403 403 400 400", "POST", "b2b/platforms/"),
    _row("401 403 403 200 403 403 200 200", "GET", "b2b/platforms/<str:platform>/"),
    _row("401 403 403 403 403 403 200 200", "PATCH", "b2b/platforms/<str:platform>/"),
    _row("401 403 403 403 403 403 200 200", "DELETE", "b2b/platforms/<str:platform>/"),
    _row("401 403 403 200 403 403 200 200", "GET", "b2b/platforms/<str:platform>/health/"),
    _row("401 403 403 403 403 403 200 200", "POST", "b2b/platforms/<str:platform>/onboard/"),
    _row("401 403 403 200 403 403 200 200", "GET", "b2b/alerts/"),
    _row("401 403 403 403 403 403 200 200", "POST",
         "b2b/alerts/<uuid:platform_alert_id>/acknowledge/"),
    _row("401 403 403 200 200 200 200 200", "GET", "b2b/revenue/metrics/"),
    _row("401 403 403 403 403 403 400 400", "POST", "revenue/buyer-feedback/"),
    _row("401", "POST", "integrations/webhooks/buyer-feedback/"),
    # integrations: doors are open to everybody; the vendors' one asks for its own key
    _row("202", "POST", "integrations/webhooks/emailjs/"),
    _row("202", "POST", "integrations/webhooks/chatbot/"),
    _row("202", "POST", "integrations/webhooks/calculator/"),
    _row("401", "POST", "integrations/webhooks/leads/"),
    _row("401", "POST", "integrations/webhooks/email/"),
    _row("404", "POST", "integrations/webhooks/mail-service/"),
    _row("200", "GET", "integrations/events/<uuid:event_id>/"),
    # solar
    _row("400", "POST", "solar/estimate/"),
    _row("200", "GET", "solar/incentives/"),
    # surveys: for visitors
    _row("200", "GET", "surveys/slots/"),
    _row("400", "POST", "surveys/"),
    _row("202", "POST", "site/events/"),
    # users
    _row("401", "POST", "auth/login/", body={"username": "nobody", "password": PASSWORD}),
    _row("401", "POST", "auth/refresh/", body={"refresh": "x"}),
    _row("401 200 200 200 200 200 200 200", "POST", "auth/logout/", body={"refresh": "x"}),
    _row("401 200 200 200 200 200 200 200", "GET", "auth/user/"),
    _row("401 200 200 200 200 200 200 200", "PATCH", "auth/user/", body={"phone": "1"}),
    _row("401 200 200 200 200 200 200 200", "GET", "auth/verify/"),
    # leads
    _row("401 403 403 200 200 200 200 200", "GET", "leads/"),
    _row("401 403 403 403 403 201 201 201", "POST", "leads/",
         body={"email": "new@example.com", "market": "nyc"}),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/", OWN),
    _row("401 403 403 200 200 404 200 200", "GET", "leads/<uuid:lead_id>/", OTHERS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/", NOBODYS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/timeline/", OWN),
    _row("401 403 403 200 200 404 200 200", "GET", "leads/<uuid:lead_id>/timeline/", OTHERS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/timeline/", NOBODYS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/score/", OWN),
    _row("401 403 403 200 200 404 200 200", "GET", "leads/<uuid:lead_id>/score/", OTHERS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/score/", NOBODYS),
    _row("401 403 403 403 403 200 200 200", "GET", "leads/mail-templates/"),
    _row("401 403 403 403 403 200 200 200", "GET", "leads/sequences/"),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/enrolments/", OWN),
    _row("401 403 403 200 200 404 200 200", "GET", "leads/<uuid:lead_id>/enrolments/", OTHERS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/enrolments/", NOBODYS),
    _row("401 403 403 403 403 201 201 201", "POST", "leads/<uuid:lead_id>/enrolments/",
         OWN, _BEGIN),
    _row("401 403 403 403 403 404 201 201", "POST", "leads/<uuid:lead_id>/enrolments/",
         OTHERS, _BEGIN),
    _row("401 403 403 403 403 201 201 201", "POST", "leads/<uuid:lead_id>/enrolments/",
         NOBODYS, _BEGIN),
    _row("401 403 403 403 403 200 200 200", "POST", "leads/<uuid:lead_id>/enrolments/stop/", OWN),
    _row("401 403 403 403 403 404 200 200", "POST", "leads/<uuid:lead_id>/enrolments/stop/",
         OTHERS),
    _row("401 403 403 403 403 200 200 200", "POST", "leads/<uuid:lead_id>/enrolments/stop/",
         NOBODYS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/mails/", OWN),
    _row("401 403 403 200 200 404 200 200", "GET", "leads/<uuid:lead_id>/mails/", OTHERS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/mails/", NOBODYS),
    _row("401 403 403 403 403 202 202 202", "POST", "leads/<uuid:lead_id>/mails/", OWN, _MAIL),
    _row("401 403 403 403 403 404 202 202", "POST", "leads/<uuid:lead_id>/mails/", OTHERS, _MAIL),
    _row("401 403 403 403 403 202 202 202", "POST", "leads/<uuid:lead_id>/mails/", NOBODYS, _MAIL),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/stats/"),
    *_changes("PATCH", "leads/<uuid:lead_id>/", 200, {"city": "Brooklyn"}),
    *_changes("PUT", "leads/<uuid:lead_id>/", 200, {"city": "Brooklyn"}),
    _row("401 403 403 403 403 403 200 200", "DELETE", "leads/<uuid:lead_id>/", OWN),
    _row("401 403 403 403 403 403 200 200", "DELETE", "leads/<uuid:lead_id>/", OTHERS),
    _row("401 403 403 403 403 403 200 200", "DELETE", "leads/<uuid:lead_id>/", NOBODYS),
    *_changes("POST", "leads/<uuid:lead_id>/assign/", 200),
    *_changes("POST", "leads/<uuid:lead_id>/notes/", 201, {"text": "Called"}),
    # conversations: the visitor's are open to whoever has the token
    _row("200", "GET", "integrations/config/cohere-key/"),
    _row("400", "POST", "conversations/messages/"),
    _row("400", "POST", "conversation/revenue-optimized/"),
    _row("401", "GET", "conversations/<uuid:conversation_id>/messages/"),
    _row("200", "GET", "conversations/callback/"),
    _row("400", "POST", "conversations/callback/"),
    _row("401", "GET", "conversations/<uuid:conversation_id>/transcript/"),
    _row("401", "POST", "conversations/<uuid:conversation_id>/transcript/"),
    _row("401", "GET", "conversations/<uuid:conversation_id>/survey/"),
    _row("401", "POST", "conversations/<uuid:conversation_id>/survey/"),
    _row("401 403 403 403 200 200 200 200", "GET", "conversations/"),
    *(
        _row(statuses, "GET", "conversations/<uuid:conversation_id>/", of)
        for of, statuses in (
            (OWN, "401 403 403 403 200 200 200 200"),
            (OTHERS, "401 403 403 403 200 404 200 200"),
            (NOBODYS, "401 403 403 403 200 200 200 200"),
        )
    ),
    *(
        _row(statuses, "POST", f"conversations/<uuid:conversation_id>/{act}/", of, body=body)
        for act, body, of, statuses in (
            ("takeover", {}, OWN, "401 403 403 403 200 200 200 200"),
            ("takeover", {}, OTHERS, "401 403 403 403 409 404 409 409"),
            ("release", {}, OWN, "401 403 403 403 200 200 200 200"),
            ("release", {}, OTHERS, "401 403 403 403 409 404 200 200"),
            ("close", {}, OWN, "401 403 403 403 200 200 200 200"),
            ("close", {}, OTHERS, "401 403 403 403 200 404 200 200"),
            ("reply", {"text": "Hello"}, OWN, "401 403 403 403 201 201 201 201"),
            ("reply", {"text": "Hello"}, OTHERS, "401 403 403 403 409 404 409 409"),
            ("note", {"text": "Hello"}, OWN, "401 403 403 403 201 201 201 201"),
            ("note", {"text": "Hello"}, OTHERS, "401 403 403 403 201 404 201 201"),
        )
    ),
    # notifications: everybody their own; an alert is seen by those told of it and those who oversee
    _row("401 403 200 200 200 200 200 200", "GET", "notifications/"),
    _row("401 403 200 200 200 200 200 200", "POST", "notifications/mark-read/",
         body={"all": True}),
    _row("401 403 200 200 200 200 200 200", "GET", "notifications/alerts/"),
    _row("401 403 200 200 200 200 200 200", "GET", "notifications/alerts/<uuid:alert_id>/", OWN),
    _row("401 403 404 404 404 404 200 200", "GET", "notifications/alerts/<uuid:alert_id>/", OTHERS),
    _row("401 403 200 200 200 200 200 200", "POST",
         "notifications/alerts/<uuid:alert_id>/acknowledge/", OWN),
    _row("401 403 404 404 404 404 200 200", "POST",
         "notifications/alerts/<uuid:alert_id>/acknowledge/", OTHERS),
    _row("401 403 409 409 409 409 409 409", "POST",
         "notifications/alerts/<uuid:alert_id>/release/", OWN),
    _row("401 403 404 404 404 404 409 409", "POST",
         "notifications/alerts/<uuid:alert_id>/release/", OTHERS),
    _row("401 403 200 200 200 200 200 200", "POST",
         "notifications/alerts/<uuid:alert_id>/resolve/", OWN),
    _row("401 403 404 404 404 404 200 200", "POST",
         "notifications/alerts/<uuid:alert_id>/resolve/", OTHERS),
    _row("401 403 200 200 200 200 200 200", "GET", "notifications/preferences/"),
    _row("401 403 200 200 200 200 200 200", "PUT", "notifications/preferences/<str:kind>/",
         body={"in_app": True, "live": True, "mail": "off"}),
    _row("401 403 200 200 200 200 200 200", "PUT", "notifications/hours/",
         body={"time_zone": "", "digest_hour": 8, "quiet_from": None, "quiet_until": None}),
    # leads: what is to be done, and how it went
    _row("401 403 403 200 200 200 200 200", "GET", "leads/tasks/"),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/tasks/<uuid:task_id>/", OWN),
    _row("401 403 403 200 200 404 200 200", "GET", "leads/tasks/<uuid:task_id>/", OTHERS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/tasks/<uuid:task_id>/", NOBODYS),
    _row("401 403 403 403 403 200 200 200", "PATCH", "leads/tasks/<uuid:task_id>/", OWN),
    _row("401 403 403 403 403 404 200 200", "PATCH", "leads/tasks/<uuid:task_id>/", OTHERS),
    _row("401 403 403 403 403 200 200 200", "PATCH", "leads/tasks/<uuid:task_id>/", NOBODYS),
    _row("401 403 403 403 403 200 200 200", "POST", "leads/tasks/<uuid:task_id>/complete/", OWN),
    _row("401 403 403 403 403 404 200 200", "POST", "leads/tasks/<uuid:task_id>/complete/",
         OTHERS),
    _row("401 403 403 403 403 200 200 200", "POST", "leads/tasks/<uuid:task_id>/complete/",
         NOBODYS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/tasks/", OWN),
    _row("401 403 403 200 200 404 200 200", "GET", "leads/<uuid:lead_id>/tasks/", OTHERS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/<uuid:lead_id>/tasks/", NOBODYS),
    _row("401 403 403 403 403 201 201 201", "POST", "leads/<uuid:lead_id>/tasks/", OWN, _TASK),
    _row("401 403 403 403 403 404 201 201", "POST", "leads/<uuid:lead_id>/tasks/", OTHERS, _TASK),
    _row("401 403 403 403 403 201 201 201", "POST", "leads/<uuid:lead_id>/tasks/", NOBODYS,
         _TASK),
    _row("401 403 403 403 403 200 200 200", "POST", "leads/<uuid:lead_id>/outcome/", OWN, _CALL),
    _row("401 403 403 403 403 404 200 200", "POST", "leads/<uuid:lead_id>/outcome/", OTHERS,
         _CALL),
    _row("401 403 403 403 403 200 200 200", "POST", "leads/<uuid:lead_id>/outcome/", NOBODYS,
         _CALL),
    _row("401 403 403 403 403 403 200 200", "GET", "leads/export/"),
    _row("401 403 403 403 403 403 400 400", "POST", "leads/import/"),
    _row("401 403 403 403 403 403 200 200", "GET", "leads/import/<uuid:import_id>/"),
    _row("401 403 403 403 403 403 409 409", "POST", "leads/import/<uuid:import_id>/cancel/"),
    _row("401 403 403 403 403 403 200 200", "GET", "leads/import/<uuid:import_id>/failures/"),
    _row("401 403 403 403 403 200 200 200", "POST", "leads/<uuid:lead_id>/merge/", OWN,
         body=_of_the_same),
    _row("401 403 403 403 403 404 200 200", "POST", "leads/<uuid:lead_id>/merge/", OTHERS,
         body=_of_the_same),
    _row("401 403 403 403 403 403 200 200", "POST", "leads/<uuid:lead_id>/merge/", NOBODYS,
         body=_of_the_same),
    _row("401 403 403 403 403 409 409 409", "POST", "leads/<uuid:lead_id>/unmerge/", OWN),
    _row("401 403 403 403 403 404 409 409", "POST", "leads/<uuid:lead_id>/unmerge/", OTHERS),
    _row("401 403 403 403 403 409 409 409", "POST", "leads/<uuid:lead_id>/unmerge/", NOBODYS),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/views/"),
    _row("401 403 403 201 201 201 201 201", "POST", "leads/views/", body={"name": "Mine"}),
    _row("401 403 403 200 200 200 200 200", "GET", "leads/views/<uuid:view_id>/", OWN),
    _row("401 403 403 404 404 404 404 404", "GET", "leads/views/<uuid:view_id>/", OTHERS),
    _row("401 403 403 200 200 200 200 200", "PATCH", "leads/views/<uuid:view_id>/", OWN,
         body={"name": "Ours"}),
    _row("401 403 403 404 404 404 404 404", "PATCH", "leads/views/<uuid:view_id>/", OTHERS),
    _row("401 403 403 200 200 200 200 200", "DELETE", "leads/views/<uuid:view_id>/", OWN),
    _row("401 403 403 404 404 404 404 404", "DELETE", "leads/views/<uuid:view_id>/", OTHERS),
    # system
    _row("401 403 200 200 200 200 200 200", "GET", "system/health/"),
    _row("401 403 403 403 403 403 200 200", "GET", "system/metrics/"),
    _row("401 403 403 403 403 403 200 200", "GET", "system/errors/"),
)  # fmt: skip

# --- the admin's pages of a model: v(iew) a(dd) c(hange) d(elete) for each role -------------------
# Anonymous and buyers are sent to the sign-in form, everywhere.
STAFF = CALLERS[2:]
PAGES: dict[str, str] = {
    #                                technician analyst support sales manager admin
    "analytics.sitecount":            "---- v--- ---- ---- v--- v---",
    "auditlog.logentry":              "---- ---- ---- ---- v--- v---",
    "b2b.buyerfeedback":              "---- v--- ---- ---- v--- v---",
    "b2b.delivery":                   "---- v--- ---- ---- v--- v---",
    "b2b.platformalert":              "---- v--- ---- ---- v--- v---",
    "b2b.platform":                   "---- v--- ---- ---- vac- vacd",
    "b2b.pricingpolicy":              "---- ---- ---- ---- vac- vacd",
    "b2b.routedecision":              "---- v--- ---- ---- v--- v---",
    "b2b.capacityplan":               "---- v--- ---- ---- v--- v---",
    "b2b.routingrule":                "---- ---- ---- ---- vacd vacd",
    "b2b.sale":                       "---- v--- ---- ---- v--- v---",
    "contacts.contact":               "---- v--- v--- v--- v--- v-c-",
    "contacts.suppression":           "---- ---- ---- ---- va-- va-d",
    "conversations.cannedreply":      "---- ---- v--- v--- vacd vacd",
    "conversations.conversation":     "---- ---- v--- v--- v--- v---",
    "conversations.knowledgeentry":   "---- ---- v--- v--- vacd vacd",
    "conversations.openingline":      "---- v--- v--- v--- vacd vacd",
    "conversations.speechprice":      "---- ---- ---- ---- vacd vacd",
    "core.failurerecord":             "---- ---- ---- ---- v--- v---",
    "core.outboxmessage":             "---- ---- ---- ---- v--- v---",
    "intake.inboundevent":            "---- ---- ---- ---- v--- v---",
    "intake.leadsource":              "---- v--- v--- v--- vac- vacd",
    "integrations.import":            "---- ---- ---- ---- va-- va--",
    "integrations.calculatordata":    "---- ---- ---- v--- v--- v---",
    "integrations.chatbotinteraction": "---- ---- ---- v--- v--- v---",
    "integrations.emaillog":          "---- ---- ---- ---- v--- v---",
    "leads.appointment":              "---- ---- v--- v--- v--- v---",
    "leads.assignmentpool":           "---- ---- ---- ---- vacd vacd",
    "leads.duplicatesuggestion":      "---- ---- ---- v--- v--- v---",
    "leads.assignmentrule":           "---- ---- ---- ---- vac- vac-",
    "leads.availability":             "---- ---- ---- ---- vacd vacd",
    "leads.holiday":                  "---- ---- ---- ---- vacd vacd",
    "leads.lead":                     "---- v--- v--- vac- vacd vacd",
    "leads.mailtemplate":             "---- ---- ---- v--- vacd vacd",
    "leads.leadexport":               "---- ---- ---- ---- v--- v---",
    "leads.officespan":               "---- ---- ---- ---- vacd vacd",
    "leads.responsepolicy":           "---- ---- ---- ---- vacd vacd",
    "leads.sequence":                 "---- ---- ---- v--- vacd vacd",
    "leads.ruleset":                  "---- ---- ---- ---- v-c- v-c-",
    "leads.scoringmodel":             "---- ---- ---- ---- v--- v---",
    "leads.surveycalendar":           "---- ---- ---- ---- vac- vacd",
    "notifications.alert":            "v--- v--- v--- v--- v--- v---",
    "notifications.escalationrule":   "---- ---- ---- ---- v-c- v-c-",
    "ledger.invoice":                 "---- v--- ---- ---- v--- v---",
    "ledger.revenuetransaction":      "---- v--- ---- ---- v--- v---",
    "notifications.notification":     "v--- v--- v--- v--- v--- v---",
    "pipeline.conversationday":       "---- v--- ---- ---- v--- v---",
    "pipeline.journey":               "---- ---- ---- ---- v--- v---",
    "pipeline.wayrule":               "---- ---- ---- ---- vacd vacd",
    "solar.assumption":               "---- ---- ---- ---- vac- vac-",
    "solar.estimaterun":              "---- v--- v--- v--- v--- v---",
    "solar.incentive":                "---- ---- ---- ---- vac- vac-",
    "solar.installcost":              "---- ---- ---- ---- vac- vac-",
    "solar.market":                   "---- v--- v--- v--- v--- vac-",
    "solar.postalarea":               "---- ---- ---- ---- ---- vacd",
    "solar.tariff":                   "---- ---- ---- ---- vac- vac-",
    "solar.territory":                "---- v--- v--- v--- vac- vacd",
    "users.apikey":                   "---- va-- va-- va-- va-- va--",
    "users.user":                     "---- ---- ---- ---- v--- vacd",
}  # fmt: skip

# --- the admin's other addresses, and every button of a page ("…/do/<its name>/") -----------------
# 302 to the sign-in form for those outside; inside, 302 is a button that was pressed.
ADMIN: tuple[Row, ...] = (
    #     anonymous, buyer, technician, analyst, support, sales, manager, admin
    _row("302 302 200 200 200 200 200 200", "GET", ""),
    _row("302 302 200 200 200 200 200 200", "GET", "search/"),
    _row("302 302 200 200 200 200 200 200", "GET", "password_change/"),
    # core
    _row("302 302 403 403 403 403 200 200", "GET", "core/failurerecord/system/"),
    _row("302 302 403 403 403 403 302 302", "POST", "core/outboxmessage/<int:key>/do/retry/"),
    _row("302 302 200 200 200 200 200 200", "GET", "password_change/done/"),
    # notifications: other people's alerts are not there for those who do not oversee them
    _row("302 302 200 200 200 200 200 200", "GET", "notifications/notification/bell/"),
    _row("302 302 302 302 302 302 302 302", "POST", "notifications/notification/read/"),
    _row("302 302 200 200 200 200 200 200", "GET", "notifications/notification/preferences/"),
    _row("302 302 302 302 302 302 302 302", "POST",
         "notifications/alert/<int:key>/do/acknowledge/", OWN),
    _row("302 302 404 404 404 404 302 302", "POST",
         "notifications/alert/<int:key>/do/acknowledge/", OTHERS),
    _row("302 302 302 302 302 302 302 302", "POST",
         "notifications/alert/<int:key>/do/release/", OWN),
    _row("302 302 404 404 404 404 302 302", "POST",
         "notifications/alert/<int:key>/do/release/", OTHERS),
    _row("302 302 302 302 302 302 302 302", "POST",
         "notifications/alert/<int:key>/do/resolve/", OWN),
    _row("302 302 404 404 404 404 302 302", "POST",
         "notifications/alert/<int:key>/do/resolve/", OTHERS),
    # users
    _row("302 302 200 200 200 200 200 200", "GET", "users/user/profile/"),
    _row("302 302 403 403 403 403 403 200", "GET", "users/user/<id>/password/"),
    _row("302 302 403 302 302 302 302 302", "POST", "users/apikey/<int:key>/do/revoke/", OWN),
    _row("302 302 404 404 404 404 404 302", "POST", "users/apikey/<int:key>/do/revoke/", OTHERS),
    # b2b
    _row("302 302 404 200 404 404 200 200", "GET", "b2b/sale/trace/<int:lead_pk>/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/test/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/live/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/resume/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/pause/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/check/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/clone/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/payment/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/end/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/feedback_key/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platform/<int:key>/do/invoice/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/platformalert/<int:key>/do/acknowledge/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/pricingpolicy/<int:key>/do/copy/"),
    _row("302 302 403 403 403 403 200 200", "GET", "b2b/buyerfeedback/upload/"),
    _row("302 302 403 403 403 403 302 302", "GET", "b2b/buyerfeedback/upload_file/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/delivery/<int:key>/do/resend/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/delivery/<int:key>/do/confirm/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/delivery/<int:key>/do/deny/"),
    _row("302 302 403 403 403 403 302 302", "POST", "b2b/delivery/<int:key>/do/withdraw/"),
    # intake
    _row("302 302 403 403 403 403 302 302", "POST", "intake/leadsource/<int:key>/do/issue_key/"),
    _row("302 302 403 403 403 403 302 302", "POST", "intake/leadsource/<int:key>/do/revoke_key/"),
    _row("302 302 403 403 403 403 302 302", "POST", "intake/inboundevent/<int:key>/do/replay/"),
    _row("302 302 403 403 403 403 302 302", "POST", "intake/inboundevent/<int:key>/do/release/"),
    _row("302 302 403 403 403 403 302 302", "POST", "intake/inboundevent/<int:key>/do/spam/"),
    # leads
    _row("302 302 403 200 200 200 200 200", "GET", "leads/lead/<path:object_id>/change/", OWN),
    _row("302 302 403 200 200 302 200 200", "GET", "leads/lead/<path:object_id>/change/", OTHERS),
    _row("302 302 403 200 200 200 200 200", "GET", "leads/lead/<path:object_id>/change/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/take/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/take/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/take/", NOBODYS),
    _row("302 302 404 403 403 403 302 302", "POST", "leads/lead/<int:key>/do/assign/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/assign/", OTHERS),
    _row("302 302 404 403 403 403 302 302", "POST", "leads/lead/<int:key>/do/assign/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/status/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/status/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/status/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/note/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/note/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/note/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/enrol/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/enrol/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/enrol/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/skip_step/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/skip_step/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/skip_step/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/stop_steps/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/stop_steps/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/stop_steps/", NOBODYS),
    _row("302 302 404 403 403 200 200 200", "GET", "leads/lead/<int:key>/mail/", OWN),
    _row("302 302 404 403 403 404 200 200", "GET", "leads/lead/<int:key>/mail/", OTHERS),
    _row("302 302 404 403 403 200 200 200", "GET", "leads/lead/<int:key>/mail/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/survey/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/survey/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/survey/", NOBODYS),
    _row("302 302 403 403 200 200 200 200", "GET", "leads/appointment/day/"),
    *(
        _row(statuses, "POST", f"leads/appointment/<int:key>/do/{button}/", whose)
        for button in ("done", "no_show", "cancel", "move")
        for statuses, whose in (
            ("302 302 404 404 403 302 302 302", OWN),
            ("302 302 404 404 403 404 302 302", OTHERS),
            ("302 302 404 404 403 302 302 302", NOBODYS),
        )
    ),
    _row("302 302 403 403 403 200 200 200", "GET", "leads/lead/my-day/"),
    _row("302 302 403 403 403 302 302 302", "GET", "leads/lead/my-day/next/"),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/outcome/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/outcome/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/outcome/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/contact/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/contact/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/contact/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/task_add/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/task_add/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/task_add/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/task_done/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/task_done/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/task_done/", NOBODYS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/task_later/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/task_later/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/task_later/", NOBODYS),
    # conversations
    _row("302 302 403 403 200 200 200 200", "GET", "conversations/conversation/inbox/"),
    *(
        _row(statuses, "GET", "conversations/conversation/<uuid:conversation_id>/whole/", of)
        for of, statuses in (
            (OWN, "302 302 403 403 200 200 200 200"),
            (OTHERS, "302 302 403 403 200 404 200 200"),
            (NOBODYS, "302 302 403 403 200 200 200 200"),
        )
    ),
    *(
        _row(statuses, "POST", "conversations/conversation/<uuid:conversation_id>/mail/", of)
        for of, statuses in (  # 409: no address is known
            (OWN, "302 302 403 403 409 409 409 409"),
            (OTHERS, "302 302 403 403 409 404 409 409"),
            (NOBODYS, "302 302 403 403 409 409 409 409"),
        )
    ),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/unmerge/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST", "leads/lead/<int:key>/do/unmerge/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST", "leads/lead/<int:key>/do/unmerge/", NOBODYS),
    _row("302 302 404 403 403 200 200 200", "GET", "leads/lead/<int:key>/merge/", OWN),
    _row("302 302 404 403 403 404 200 200", "GET", "leads/lead/<int:key>/merge/", OTHERS),
    _row("302 302 404 403 403 200 200 200", "GET", "leads/lead/<int:key>/merge/", NOBODYS),
    _row("302 302 403 403 403 403 200 200", "GET", "leads/lead/export/csv/"),
    _row("302 302 403 403 403 403 200 200", "GET", "leads/lead/export/xlsx/"),
    _row("302 302 404 403 403 302 302 302", "POST",
         "leads/duplicatesuggestion/<int:key>/do/dismiss/", OWN),
    _row("302 302 404 403 403 404 302 302", "POST",
         "leads/duplicatesuggestion/<int:key>/do/dismiss/", OTHERS),
    _row("302 302 404 403 403 302 302 302", "POST",
         "leads/duplicatesuggestion/<int:key>/do/dismiss/", NOBODYS),
    # integrations
    _row("302 302 403 403 403 403 200 200", "GET", "integrations/import/<int:key>/progress/"),
    _row("302 302 403 403 403 403 200 200", "GET", "integrations/import/<int:key>/failures/"),
    _row("302 302 403 403 403 403 302 302", "POST", "integrations/import/<int:key>/do/look/"),
    _row("302 302 403 403 403 403 302 302", "POST", "integrations/import/<int:key>/do/begin/"),
    _row("302 302 403 403 403 403 302 302", "POST", "integrations/import/<int:key>/do/cancel/"),
    _row("302 302 403 200 200 200 200 200", "GET", "leads/lead/board/"),
    _row("302 302 403 302 302 302 302 302", "GET", "leads/lead/board/cards/"),
    _row("302 302 403 403 403 302 302 302", "POST", "leads/lead/board/move/"),
    _row("302 302 403 302 302 302 302 302", "POST", "leads/lead/views/save/"),
    _row("302 302 403 302 302 302 302 302", "POST", "leads/lead/views/edit/"),
    _row("302 302 403 403 403 403 302 302", "POST", "leads/ruleset/begin/"),
    _row("302 302 403 403 403 403 200 200", "GET", "leads/ruleset/<int:key>/trial/"),
    _row("302 302 403 403 403 403 302 302", "POST", "leads/ruleset/<int:key>/do/put_live/"),
    _row("302 302 403 403 403 403 302 302", "POST", "leads/ruleset/<int:key>/do/discard/"),
    _row("302 302 403 403 403 403 302 302", "POST", "leads/ruleset/<int:key>/do/edit/"),
    _row("302 302 403 403 403 403 302 302", "POST", "leads/assignmentrule/<int:key>/do/up/"),
    _row("302 302 403 403 403 403 302 302", "POST", "leads/assignmentrule/<int:key>/do/down/"),
    _row("302 302 403 403 403 403 302 302", "POST", "leads/assignmentrule/<int:key>/do/copy/"),
    _row("302 302 403 403 403 403 302 302", "POST", "leads/assignmentrule/<int:key>/do/remove/"),
    # pipeline
    _row("302 302 403 403 403 403 302 302", "POST", "pipeline/journey/<int:key>/do/resume/"),
)  # fmt: skip

# --- sockets: 101 is let in; else the status whose code it is closed with -------------------------
SOCKETS: tuple[Row, ...] = (
    #     anonymous, buyer, technician, analyst, support, sales, manager, admin
    _row("401 403 101 101 101 101 101 101", "GET", "ws/notifications/"),
    _row("101", "GET", "ws/chat/"),
    _row("401 403 403 403 101 101 101 101", "GET", "ws/inbox/"),
)  # fmt: skip
