"""The pages of the road: journeys, work-or-sell rules, and what came of the conversations."""

from apps.pipeline.admin import (
    conversations,  # noqa: F401
    journeys,  # noqa: F401
)
