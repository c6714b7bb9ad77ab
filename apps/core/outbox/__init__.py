"""The outbox: what happened is written down in the transaction that made it happen.

A room publishes a fact; other rooms subscribe handlers to it. There is one row for each handler,
so each is retried on its own. A lost broker message loses nothing, for the row stays until its
handler has returned.

    @handles("lead.assigned", queue="delivery")
    def tell_the_assignee(message: Message) -> None: ...

    with transaction.atomic():
        ...
        publish("lead.assigned", key=str(assignment.pk), lead=str(lead.public_id))

Delivery is at least once: a handler must be safe to repeat.
"""

from apps.core.outbox.delivery import claim, deliver, deliver_now, relay
from apps.core.outbox.publishing import Message, handles, publish

__all__ = ["Message", "claim", "deliver", "deliver_now", "handles", "publish", "relay"]
