"""What the exchange tells people of."""

from __future__ import annotations

from apps.notifications.choices import Mail
from apps.notifications.kinds import Channels, Kind, register

ALERT = "b2b.alert"

register(
    Kind(
        ALERT,
        "Something is wrong with a buyer",
        Channels(mail=Mail.DIGEST),
        "A buyer that does not answer, rejects, runs out of money; deliveries that need a person.",
    )
)
