"""Pages of a list, with a count that does not grow with the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from rest_framework import exceptions as drf
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core import errors

COUNT_AT_MOST = 10_000


class BoundedCountPaginator(Paginator):  # type: ignore[type-arg]  # generic only in the stubs
    """Counts up to COUNT_AT_MOST and no further: past that a person searches, not leafs."""

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Model]", self.object_list)
        return rows.order_by()[:COUNT_AT_MOST].count()


class EnvelopePagination(PageNumberPagination):
    """`results`, `count`, `next`, `previous`, `page_size`, `total_pages`; `?page=&page_size=`."""

    django_paginator_class: type[Paginator] = BoundedCountPaginator  # type: ignore[type-arg]
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except drf.NotFound as error:
            raise errors.NotFound("There is no such page.") from error

    def get_paginated_response(self, data: Any) -> Response:
        page = cast("Page[Any]", self.page)  # set: a page was asked for
        return Response(
            {
                "results": data,
                "count": page.paginator.count,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "page_size": page.paginator.per_page,
                "total_pages": page.paginator.num_pages,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        integer = {"type": "integer"}
        properties = {
            "results": schema,
            "count": integer | {"description": f"Counted up to {COUNT_AT_MOST}."},
            "next": link,
            "previous": link,
            "page_size": integer,
            "total_pages": integer,
        }
        return {"type": "object", "required": list(properties), "properties": properties}
