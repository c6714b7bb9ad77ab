"""What people are told of about leads."""

from apps.leads.actions.assigning import WAITING
from apps.notifications.choices import Mail
from apps.notifications.kinds import Channels, Kind, register

register(
    Kind(
        WAITING,
        "Leads wait for a person",
        Channels(mail=Mail.DIGEST),
        "The rules found nobody who could take a lead. Told once a day and market.",
    )
)
