"""What all tests share: the cast, the reference data, and a way to let waiting work happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.cache import cache
from hypothesis import settings
from rest_framework.test import APIClient

from apps.conversations.knowledge import knowledge_load
from apps.intake.selectors import forget_sources
from apps.leads.actions.office import office_prepare
from apps.leads.actions.scoring import scoring_model_active
from apps.leads.gazetteer import forget_places
from apps.solar.actions import markets_load
from apps.solar.models import Market
from apps.users.actions import roles_sync
from apps.users.models import Role, User
from solar_crm import celery_app
from tests.factories.sources import our_own_doors
from tests.factories.users import make_user
from tests.standins import buyers  # noqa: F401 (a fixture)

# One commit, one verdict: the same examples at every run, and no clock. Others are looked for by
# `--hypothesis-profile=explore`.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("steady")


def pytest_configure() -> None:
    """Load all tasks in one go, as a worker does, before a test touches the first of them."""
    celery_app.loader.import_default_modules()
    celery_app.finalize()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that commit go last: they empty the tables that the others find filled."""
    items.sort(key=lambda item: "transactional_db" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """A database with what every installation has: doors, markets, roles, a scoring model."""
    with django_db_blocker.unblock():
        _load_reference_data()


@pytest.fixture(autouse=True)
def _reference_data(request: pytest.FixtureRequest) -> None:
    forget_sources()
    if "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        if not Market.objects.exists():
            _load_reference_data()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def _load_reference_data() -> None:
    our_own_doors()
    markets_load()
    roles_sync()
    scoring_model_active()
    knowledge_load()
    forget_places()
    office_prepare(today=date(2026, 11, 21))


@pytest.fixture
def ana(db: None) -> User:
    """The admin."""
    return make_user("ana", role=Role.ADMIN)


@pytest.fixture
def mia(db: None) -> User:
    """The manager."""
    return make_user("mia", role=Role.MANAGER)


@pytest.fixture
def sam(db: None) -> User:
    """Sells."""
    return make_user("sam", role=Role.SALES)


@pytest.fixture
def sue(db: None) -> User:
    """Sells too."""
    return make_user("sue", role=Role.SALES)


@pytest.fixture
def bea(db: None) -> User:
    """A buyer: has a login, and no business in here."""
    return make_user("bea", role=Role.BUYER)


@pytest.fixture
def api() -> APIClient:
    """A client that is not signed in."""
    return APIClient()


@pytest.fixture
def api_as() -> Callable[[User], APIClient]:
    """A client signed in as somebody."""

    def signed_in(user: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return signed_in
