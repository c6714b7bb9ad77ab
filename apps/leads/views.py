"""The one page of this room that customers see: no more mails."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.leads.actions import opting_out
from apps.leads.mail.letter import read_unsubscribe_token


@csrf_exempt  # mail programs post here for their users (RFC 8058); the token says who
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask with GET, since programs follow every link of a mail; do it with POST."""
    read = read_unsubscribe_token(token)
    if read is None:
        raise Http404
    is_done = request.method == "POST"
    if is_done:
        mail_id, digest = read
        opting_out.unsubscribe(mail_id=mail_id, digest=digest, now=timezone.now())
    return render(request, "leads/mail/unsubscribe.html", {"is_done": is_done})
