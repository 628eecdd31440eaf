"""What an address may be asked: a parameter that it does not know is a mistake of whoever asks, and an
answer that left it out would look like the answer to another question."""

from functools import cache

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from warmline.doors.api.door import api
from warmline.doors.api.problems import Problem

ROOT = "api/v1"
SHOWN = 80


@cache
def _known() -> dict[tuple[str, str], frozenset[str]]:
    """By address and method, the names that the description gives."""
    known: dict[tuple[str, str], frozenset[str]] = {}
    for _prefix, router in api._routers:
        for path, view in router.path_operations.items():
            route = ROOT + path.replace("{", "<").replace("}", ">")
            for operation in view.operations:
                names: set[str] = set()
                for model in operation.models:
                    if model.__ninja_param_source__ == "query":
                        names.update(model.__ninja_flatten_map__)
                for method in operation.methods:
                    known[method, route] = frozenset(names)
    return known


def check(request: HttpRequest, route: str) -> None:
    """Refuse what this address does not know, by name; where no such method is, that is said first."""
    if not request.META.get("QUERY_STRING"):
        return
    known = _known().get((request.method or "", route))
    if known is not None:
        refuse_others(request.GET, known)


def refuse_others(said: QueryDict, known: frozenset[str]) -> None:
    strange = [name for name in said if name not in known]
    if strange:
        errors = [
            {
                "field": f"query.{name[:SHOWN]}",
                "code": "unknown_parameter",
                "message": sentence(name, known),
            }
            for name in strange[:20]
        ]
        raise Problem(400, "unknown_parameter", sentence(strange[0], known), errors=errors)


def sentence(name: str, known: frozenset[str]) -> str:
    told = {"name": name[:SHOWN], "known": ", ".join(sorted(known))}
    if known:
        return _("There is no parameter %(name)s here. There are: %(known)s.") % told
    return _("There is no parameter %(name)s here: this address takes none.") % told
