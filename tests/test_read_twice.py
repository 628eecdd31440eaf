"""Whoever is shown a family is written down each time, however the answer comes (G19)."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from warmline.core.people import joining
from warmline.core.people.models import Reading, Staff, Store, Token
from warmline.service.intake import asked
from warmline.service.intake.models import Import

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return Store.objects.create(code="S001", name="人民路店")


def test_an_answer_that_is_repeated_under_its_key_is_read_again(client, store):
    with transaction.atomic():
        lin = joining.join(store=store, by=None, name="林晓", phone="13912345678")
    secret = Token.issue(name="till", role=Staff.Role.HQ, store=None)[1]

    def ask():
        return client.post(
            f"/api/v1/households/{lin.pk}/contacts",
            json.dumps({"outcome": "reached", "note": "都好"}),
            content_type="application/json",
            headers={"authorization": f"Bearer {secret}", "idempotency-key": "k1"},
        )

    assert [ask().status_code for _twice in range(2)] == [201, 201]
    first, again = Reading.objects.order_by("pk")
    assert first.households == again.households == [lin.pk]
    assert first.fields == again.fields == ["note"]
    assert first.request_id != again.request_id


@pytest.fixture
def file(client, store):
    lan = Staff.objects.create_user("lan", "-", name="兰", role="hq")
    client.force_login(lan)
    session = client.session
    session["second_factor"] = True
    session.save()
    rows = "会员卡号,会员姓名,手机号,开卡门店\nV1,林晓,13912345678,S001\nV2,陈雨,1.38E+10,S001\n"
    sent = SimpleUploadedFile("会员.csv", rows.encode())
    client.post(reverse("hq:imports"), {"file": sent})
    return Import.objects.get()


def readings():
    return list(Reading.objects.order_by("pk").values_list("purpose", "households", "fields"))


def test_cells_of_a_file_are_written_down_as_read(client, file):
    """They are of people who may not be families of ours yet: the line names the file."""
    fields = ["child", f"file:{file.pk}", "name", "phone", "purchase"]
    assert "林晓" in client.get(reverse("hq:import", args=[file.pk])).content.decode()
    assert readings() == [("hq:import", [], fields)]

    columns = {f"column-{at}": name for name, at in file.columns.items()}
    client.post(reverse("hq:import-columns", args=[file.pk]), columns)
    asked.check(file.pk)
    assert "1.38E+10" in client.get(reverse("hq:import", args=[file.pk])).content.decode()
    assert readings()[1:] == [("hq:import", [], fields)]

    saved = client.get(reverse("hq:import-to-mend", args=[file.pk, "csv"]))
    assert saved.status_code == 200
    assert readings()[2:] == [("hq:import-to-mend", [], fields)]
