"""Feedback of buyers, entered by those who work here or by a program with a key."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.b2b.actions.feedback import Kept, feedback_draft, feedback_record
from apps.b2b.api.serializers import FeedbackKeptSerializer, FeedbackSerializer
from apps.b2b.choices import FeedbackWay
from apps.b2b.selectors import platform_by
from apps.core.api.envelope import answer
from apps.core.permissions import MayDo
from apps.core.rate_limits import limit_by_key


class BuyerFeedbackEntry(APIView):
    """What a buyer says of a lead it bought. The same again changes nothing."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "b2b.add_buyerfeedback"}
    refuses = ("404",)

    @extend_schema(request=FeedbackSerializer, responses={201: FeedbackKeptSerializer})
    def post(self, request: Request) -> Response:
        stated = FeedbackSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        platform = platform_by(stated.validated_data["buyer_id"])
        limit_by_key(request._request, "b2b", f"platform:{platform.slug}")
        draft = feedback_draft(stated.validated_data)
        kept = feedback_record(platform, draft, way=FeedbackWay.API, now=timezone.now())
        return kept_answer(kept)


def kept_answer(kept: Kept) -> Response:
    """What was kept, as the buyer is told."""
    feedback = kept.feedback
    shown = {
        "feedback_id": feedback.public_id,
        "lead_id": feedback.sale.lead.public_id,
        "buyer_id": feedback.platform.slug,
        "feedback_type": feedback.type,
        "is_repeat": kept.is_repeat,
    }
    words = "Kept before" if kept.is_repeat else "Thank you"
    return answer(FeedbackKeptSerializer(shown).data, message=words, status=201)
