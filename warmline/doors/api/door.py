"""The door itself: what the OpenAPI description says of all of it."""

from typing import Any

import pydantic
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from warmline.doors.api import problems
from warmline.doors.api.problems import MEDIA_TYPE
from warmline.doors.api.shapes import ProblemShape

PROBLEMS = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503})


class Bearer(HttpBearer):
    """The entrance has looked the token up already; here it is named for the description."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "token", None)


class Door(NinjaAPI):
    """Ninja describes every answer as JSON; what is no success is a problem, and has its own type."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in answer.get("content", {}):
                        answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
        return schema


api = Door(
    title="Warmline",
    version="1",
    description=(
        "Families, what they buy, and what we promised them. Every answer that is not a success is"
        " `application/problem+json`. Every POST, PUT and PATCH takes an `Idempotency-Key`: the"
        " same key and body within 72 hours has one effect and one answer."
    ),
    auth=Bearer(),
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)


@api.exception_handler(Exception)
def as_problem(request: HttpRequest, error: Exception) -> HttpResponse:
    return problems.answer(problems.of(error, request_id=getattr(request, "id", "")))


def answers(ok: Any, *, status: int = 200) -> dict[Any, Any]:
    """What an operation may answer: this, or a problem."""
    return {status: ok, PROBLEMS: ProblemShape}


def body(shape: type[pydantic.BaseModel]) -> dict[str, Any]:
    """The description of a body that ninja does not read."""
    schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
