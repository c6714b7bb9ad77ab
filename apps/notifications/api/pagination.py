"""Pages of notifications carry the number a bell shows."""

from __future__ import annotations

from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.pagination import EnvelopePagination
from apps.notifications.selectors import COUNT_AT_MOST, unread_count
from apps.users.current import current_user


class UnreadPagination(EnvelopePagination):
    """`unread` beside the usual: how many of all I have not read, whatever the filters."""

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        request = cast("Request", self.request)
        response.data["unread"] = unread_count(current_user(request))
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        shape = super().get_paginated_response_schema(schema)
        shape["properties"]["unread"] = {
            "type": "integer",
            "description": f"Counted up to {COUNT_AT_MOST}.",
        }
        shape["required"] = [*shape["required"], "unread"]
        return shape
