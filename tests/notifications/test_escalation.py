"""Who is told next, and when."""

from __future__ import annotations

import pytest

from apps.notifications.escalation import ADMINS, MANAGERS, TOLD, Next, Patience, step_after


@pytest.mark.parametrize(
    ("step", "patience", "follows"),
    [
        (TOLD, Patience(30, 120), Next(MANAGERS, 30)),
        (MANAGERS, Patience(30, 120), Next(ADMINS, 90)),
        (ADMINS, Patience(30, 120), None),
        (TOLD, Patience(None, 60), Next(ADMINS, 60)),
        (TOLD, Patience(30, None), Next(MANAGERS, 30)),
        (MANAGERS, Patience(30, None), None),
        (TOLD, Patience(None, None), None),
        (TOLD, Patience(0, 0), Next(MANAGERS, 0)),
        (MANAGERS, Patience(None, 60), Next(ADMINS, 60)),
    ],
)
def test_the_ladder(step, patience, follows):
    assert step_after(step, patience) == follows
