"""What an address does not know is refused by name: an answer to another question looks like an answer."""

import pytest

from warmline.doors.api import parameters
from warmline.doors.api.tests.test_problems import problem

pytestmark = pytest.mark.django_db


def test_an_unknown_parameter_is_named_with_those_that_there_are(hq, lin):
    said = problem(hq.get("/households?stores=S001&q=林"), 400, "unknown_parameter")
    assert said["detail"] == "这里没有参数 stores。可用的有：cursor, limit, q, store。"
    assert [wrong["field"] for wrong in said["errors"]] == ["query.stores"]
    english = hq.get("/households?stores=S001", accept_language="en")
    assert english.json()["detail"] == (
        "There is no parameter stores here. There are: cursor, limit, q, store."
    )
    assert hq.get("/households?store=S001&q=林").status_code == 200


def test_every_unknown_one_is_named(hq):
    said = problem(hq.get("/sales?page=2&Limit=5&limit=5"), 400)
    assert [wrong["field"] for wrong in said["errors"]] == ["query.page", "query.Limit"]


@pytest.mark.parametrize("path", ["/households/{}", "/products/P900", "/sales/1"])
def test_an_address_that_takes_none_says_so(hq, lin, tin, path):
    said = problem(hq.get(f"{path.format(lin.pk)}?fields=name"), 400)
    assert said["detail"] == "这里没有参数 fields：这个地址不带参数。"


def test_what_is_posted_with_one_does_nothing(hq, receipt, store, tin):
    for path, body in (("/sales", receipt()), ("/sales/batch", {"sales": [receipt()]})):
        problem(hq.post(f"{path}?dry_run=true", body), 400, "unknown_parameter")
    assert hq.get("/sales").json()["items"] == []
    assert hq.post("/sales?source=pos", receipt()).status_code == 201


def test_a_key_is_not_used_up_by_it(hq, receipt, store, tin):
    problem(hq.post("/sales?x=1", receipt(), idempotency_key="k"), 400)
    assert hq.post("/sales", receipt(), idempotency_key="k").status_code == 201


def test_who_has_no_token_hears_of_that_first(nobody):
    problem(nobody.get("/households?x=1"), 401)


def test_a_provider_may_append_what_it_likes(nobody):
    assert nobody.get("/hooks/wecom?x=1").status_code != 400


def test_every_operation_of_the_description_is_watched(hq):
    described = hq.get("/openapi.json").json()["paths"]
    for path, operations in described.items():
        for method, operation in operations.items():
            route = path.strip("/").replace("{pk}", "<int:pk>").replace("{code}", "<code>")
            names = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
            assert parameters._known()[method.upper(), route] == names, (method, path)
