"""What the exchange shows on the page of a lead, and on a buyer's."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from apps.b2b.accounts import standing_of
from apps.b2b.actions.money import last_month
from apps.b2b.actions.packing import EXAMPLE_FIELDS, body_of
from apps.b2b.admin.deliveries import DELIVERY_TONES
from apps.b2b.admin.sales import SALE_TONES
from apps.b2b.choices import Payment
from apps.b2b.mapping import OUR_FIELDS
from apps.b2b.models import Delivery, Platform, RouteDecision, Sale
from apps.b2b.onboarding import onboarding_steps
from apps.b2b.snapshot import buyers_from
from apps.b2b.trace import candidate_shown, price_steps
from apps.b2b.watching import DOWN_AFTER
from apps.core.money import Money
from apps.core.staff.marks import mark
from apps.core.staff.panels import Panel, page_panel
from apps.leads.models import Lead
from apps.ledger.models import Invoice, PartyKind, RevenueTransaction

_MOST = 10


@page_panel("leads.lead", place=20)
def sales_of_lead(request: HttpRequest, lead: Lead) -> Panel | None:
    """To whom a lead was offered and for how much, with the way to the whole trace."""
    if not request.user.has_perm("b2b.view_sale"):
        return None
    sales = list(lead.sales.select_related("platform").order_by("-reserved_at")[:_MOST])
    latest = lead.routes.order_by("-decided_at", "-pk").first()
    if latest is None:
        return None
    rows = [
        (sale, mark(sale.get_state_display(), SALE_TONES[sale.state]),
         Money(sale.price, sale.currency))
        for sale in sales
    ]  # fmt: skip
    return Panel(
        "Offered to buyers",
        "admin/b2b/sales_of_lead.html",
        {"rows": rows, "latest": latest, "lead": lead},
    )


@page_panel("b2b.sale")
def price_of_sale(request: HttpRequest, sale: Sale) -> Panel:
    """The sum the price is made of, and the ways to the delivery and to the whole trace."""
    delivery = Delivery.objects.filter(sale=sale).only("pk").first()
    return Panel(
        "How the price came about",
        "admin/b2b/price_of_sale.html",
        {
            "sale": sale,
            "delivery": delivery,
            "steps": price_steps(sale.price_detail) if sale.price_detail else (),
            "bound": sale.price_detail.get("bound"),
            "money": Money(sale.price, sale.currency),
        },
    )


@page_panel("b2b.routedecision")
def judged(request: HttpRequest, decision: RouteDecision) -> Panel:
    shown = [candidate_shown(one, decision.strategy) for one in decision.candidates]
    return Panel(
        "Every buyer",
        "admin/b2b/candidates.html",
        {
            "ranked": [one for one in shown if one.price],
            "refused": [one for one in shown if not one.price],
        },
    )


@page_panel("b2b.platform", place=5)
def steps_of_buyer(request: HttpRequest, platform: Platform) -> Panel:
    steps = onboarding_steps(platform)
    return Panel("Setting up", "admin/b2b/steps.html", {"steps": steps})


@page_panel("b2b.platform", place=10)
def standing_of_buyer(request: HttpRequest, platform: Platform) -> Panel:
    """How full its caps are, what it owes, how it answers."""
    now = timezone.now()
    first, last = last_month(platform, now)
    [buyer] = buyers_from([platform], now)
    rests = platform.resting_until
    currency = platform.market.currency
    return Panel(
        "How it stands",
        "admin/b2b/standing.html",
        {
            "platform": platform,
            "uses": [(use, round(use.share * 100)) for use in buyer.caps],
            "account": standing_of(platform),
            "spendable": None if buyer.spendable is None else Money(buyer.spendable, currency),
            "is_down": platform.failures_in_a_row >= DOWN_AFTER,
            "rests_until": rests if rests is not None and rests > now else None,
            "first": first,
            "last": last,
            "may_change": request.user.has_perm("b2b.change_platform"),
        },
    )


@page_panel("b2b.platform", place=15)
def sent_to_buyer(request: HttpRequest, platform: Platform) -> Panel | None:
    """The newest deliveries, and the way to all of them."""
    if not request.user.has_perm("b2b.view_delivery"):
        return None
    newest = platform.deliveries.select_related("sale__lead").order_by("-created_at")[:_MOST]
    rows = [
        (one, mark(one.get_state_display(), DELIVERY_TONES[one.state]),
         Money(one.sale.price, one.sale.currency))
        for one in newest
    ]  # fmt: skip
    return Panel(
        "What it was sent",
        "admin/b2b/deliveries_of_buyer.html",
        {"rows": rows, "platform": platform},
    )


@page_panel("b2b.platform", place=20)
def preview_of_buyer(request: HttpRequest, platform: Platform) -> Panel:
    """A made-up lead in the buyer's words, as it would be sent now."""
    body, content_type = body_of(platform, EXAMPLE_FIELDS)
    return Panel(
        "What they would be sent",
        "admin/b2b/sent.html",
        {
            "text": body.decode("utf-8-sig"),
            "content_type": content_type,
            "our_fields": [
                (name, OUR_FIELDS[name], shown) for name, shown in EXAMPLE_FIELDS.items()
            ],
        },
    )


@page_panel("ledger.revenuetransaction")
def sale_of_entry(request: HttpRequest, entry: RevenueTransaction) -> Panel | None:
    """What an entry is for: the way from the money to the sale."""
    if entry.subject_kind != "sale" or entry.subject_id is None:
        return None
    sales = Sale.objects.select_related("lead", "platform")
    sale = sales.filter(public_id=entry.subject_id).first()
    if sale is None or not request.user.has_perm("b2b.view_sale"):
        return None
    return Panel("What it is for", "admin/b2b/sale_of_entry.html", {"sale": sale})


@page_panel("ledger.invoice", place=40)
def buyer_of_invoice(request: HttpRequest, invoice: Invoice) -> Panel | None:
    """Whether the invoice is still to be paid at all: a wallet has paid before it was made."""
    if invoice.party_kind != PartyKind.PLATFORM or not request.user.has_perm("b2b.view_platform"):
        return None
    platform = Platform.objects.filter(public_id=invoice.party_id).select_related("market").first()
    if platform is None:
        return None
    return Panel(
        "The buyer's account now",
        "admin/b2b/buyer_of_invoice.html",
        {
            "platform": platform,
            "account": standing_of(platform),
            "pays_ahead": platform.payment == Payment.PREPAID,
        },
    )
