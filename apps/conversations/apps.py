from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "apps.conversations"
    label = "conversations"
    verbose_name = "Conversations"

    def ready(self) -> None:
        from apps.conversations import (  # noqa: PLC0415 (all register themselves)
            attachments,  # noqa: F401
            audit,  # noqa: F401
            handlers,  # noqa: F401
            purging,  # noqa: F401
        )
        from apps.conversations.actions.following import WAITING  # noqa: PLC0415
        from apps.notifications.choices import Mail  # noqa: PLC0415
        from apps.notifications.kinds import Channels, Kind, register  # noqa: PLC0415

        register(
            Kind(
                WAITING,
                "A visitor waits in the chat",
                Channels(mail=Mail.OFF),
                "Somebody asked for a person, is angry, or is not understood.",
                managers_after=5,
                admins_after=30,
            )
        )
