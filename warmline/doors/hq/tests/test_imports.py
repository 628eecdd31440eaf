"""The import wizard, from the upload to the way back; nobody else's, and an auditor only looks."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from warmline.core.people.models import Household, Staff, Store
from warmline.service.intake import asked
from warmline.service.intake.models import Import

MEMBERS = "会员卡号,会员姓名,手机号,开卡门店\nV1,林晓,13912345678,S001\nV2,陈雨,1.38E+10,S001\n"


@pytest.fixture
def store(db):
    return Store.objects.create(code="S001", name="人民路店")


@pytest.fixture
def as_role(client, store):
    def as_role(role):
        person = Staff.objects.create_user(
            f"{role}1", "-", name=role, role=role, store=store if role == "guide" else None
        )
        client.force_login(person)
        session = client.session
        session["second_factor"] = True
        session.save()
        return client

    return as_role


@pytest.fixture
def hq(as_role):
    return as_role("hq")


def upload(client, text=MEMBERS, name="会员.csv"):
    sent = SimpleUploadedFile(name, text.encode("gb18030"))
    return client.post(reverse("hq:imports"), {"file": sent})


@pytest.fixture
def file(hq):
    upload(hq)
    return Import.objects.get()


def say_columns(client, file, **facts):
    columns = {f"column-{at}": name for name, at in file.columns.items()}
    return client.post(reverse("hq:import-columns", args=[file.pk]), {**columns, **facts})


def checked(client, file, **facts):
    say_columns(client, file, **facts)
    asked.check(file.pk)
    file.refresh_from_db()
    return file


def test_an_empty_list_says_what_to_begin_with(hq):
    page = hq.get(reverse("hq:imports"))

    assert page.status_code == 200
    assert "先从一家店的会员开始" in page.content.decode()


def test_a_file_that_is_no_table_is_refused_with_a_sentence(hq):
    page = upload(hq, "%PDF-1.7")

    assert page.status_code == 422
    assert 'class="wrong"' in page.content.decode()
    assert not Import.objects.exists()


def test_each_column_shows_what_it_is_taken_to_mean_and_its_first_cells(hq, file):
    page = hq.get(reverse("hq:import", args=[file.pk])).content.decode()

    assert '<option value="member_no" selected>' in page
    assert "V1 · V2" in page


def test_from_upload_to_commit_to_the_way_back(hq, file):
    checked(hq, file)
    page = hq.get(reverse("hq:import", args=[file.pk])).content.decode()
    assert "1.38E+10" in page
    assert "手机号" in page

    hq.post(reverse("hq:import-commit", args=[file.pk]))
    working = hq.get(reverse("hq:import", args=[file.pk]), headers={"HX-Request": "true"})
    assert "hx-trigger" in working.content.decode()
    asked.commit(file.pk)
    assert Household.objects.count() == 1

    hq.post(reverse("hq:import-undo", args=[file.pk]))
    asked.undo(file.pk)
    assert not Household.objects.exists()
    assert "已撤回" in hq.get(reverse("hq:import", args=[file.pk])).content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_rows_to_mend_come_as_a_file(hq, file, form):
    checked(hq, file)

    answer = hq.get(reverse("hq:import-to-mend", args=[file.pk, form]))

    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    body = io.BytesIO(answer.content).getvalue()
    assert "陈雨".encode() in body if form == "csv" else body.startswith(b"PK")


def test_consent_without_evidence_is_not_taken(hq, file):
    page = say_columns(hq, file, has_consent="on")

    assert page.status_code == 422
    assert Import.objects.get().status == "uploaded"


def test_what_is_needed_and_not_mapped_is_said(hq, file):
    page = hq.post(reverse("hq:import-columns", args=[file.pk]), {"column-1": "name"})

    assert page.status_code == 422
    assert "还缺" in page.content.decode()


def test_another_kind_of_table_is_mapped_anew(hq, file):
    hq.post(reverse("hq:import-kind", args=[file.pk]), {"kind": "babies"})

    file.refresh_from_db()
    assert (file.kind, file.columns["member_name"]) == ("babies", 1)


def test_a_second_click_on_import_is_a_conflict(hq, file):
    checked(hq, file)
    hq.post(reverse("hq:import-commit", args=[file.pk]))

    assert hq.post(reverse("hq:import-commit", args=[file.pk])).status_code == 409


@pytest.mark.parametrize("kind", ["members", "sales", "products"])
def test_an_empty_table_has_the_heads_that_we_know(hq, kind):
    answer = hq.get(reverse("hq:import-template", args=[kind]))

    assert answer.status_code == 200


def test_a_guide_does_not_find_the_imports(as_role, store):
    client = as_role("guide")

    assert client.get(reverse("hq:imports")).status_code == 404
    assert client.post(reverse("hq:import-commit", args=[1])).status_code == 404


def test_an_auditor_looks_and_changes_nothing(as_role, db):
    client = as_role("auditor")

    assert client.get(reverse("hq:imports")).status_code == 200
    assert upload(client).status_code == 403
    assert client.post(reverse("hq:import-undo", args=[1])).status_code == 403
