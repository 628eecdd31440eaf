"""Questions kept under a name."""

from typing import Any

from warmline.goods.trace.models import NamedQuery


def keep(name: str, query: dict[str, Any], *, token: int | None = None) -> NamedQuery:
    """Raises IntegrityError where the name is taken."""
    return NamedQuery.objects.create(name=name, query=query, token_id=token)


def drop(query: NamedQuery) -> None:
    query.delete()
