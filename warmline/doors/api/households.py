"""Families: joining, looking them up, their members and babies."""

from typing import Annotated, Any

from ninja import Query, Router, Status

from warmline.core.people import joining, searching
from warmline.core.people import models as people
from warmline.core.people.reading import saw
from warmline.doors.api import access, shapes
from warmline.doors.api.access import FAMILIES, may
from warmline.doors.api.door import answers
from warmline.doors.api.pages import Page, Paging, page
from warmline.doors.api.shapes import text
from warmline.doors.api.tokens import ApiRequest, visitor

router = Router(tags=["households"])


class Asked(Paging):
    q: Annotated[str, text(60)] = ""
    store: Annotated[str, text(20)] = ""


@router.get("/households", response=answers(Page[shapes.HouseholdRow]), url_name="households")
def search(request: ApiRequest, asked: Query[Asked]) -> Any:
    """Families, the newest first; with `q` those that fit a phone, its last four digits, a name,
    pinyin, initials or a member number (one page, the best first)."""
    families = access.families(request).select_related("store").prefetch_related("members")
    if asked.store:
        families = families.filter(store__code=asked.store)
    if asked.q:
        staff = visitor(request.token)
        found = [m.household_id for m in searching.find(staff, asked.q, limit=asked.limit)]
        known = families.in_bulk(list(dict.fromkeys(found)))
        items = [known[pk] for pk in dict.fromkeys(found) if pk in known]
        result: dict[str, Any] = {"items": items, "next": None}
    else:
        result = page(families, asked)
    saw(request, [family.pk for family in result["items"]], "name")
    return result | {"items": [_row(family) for family in result["items"]]}


@router.post(
    "/households", response=answers(shapes.NewHousehold, status=201), url_name="new-household"
)
@may(FAMILIES)
def join(request: ApiRequest, family: shapes.HouseholdIn) -> Any:
    """A family joins. Without the consent `record` its babies are counted and not described."""
    store = access.store(request, family.store)
    phone = joining.check_phone(family.phone)
    same = joining.same_phone(phone).filter(pk__in=access.families(request).values("pk"))
    shared = list(same.values_list("pk", flat=True)[:20])
    joined = joining.join(
        store=store,
        name=family.name,
        phone=family.phone,
        babies=[joining.Baby(**baby.model_dump()) for baby in family.babies],
        consents=set(family.consents),
        relation=family.relation,
        member_no=family.member_no,
        dialect=family.dialect,
        source="api",
        channel="api",
        evidence=family.evidence,
    )
    return Status(201, _whole(request, access.family(request, joined.pk)) | {"same_phone": shared})


@router.get("/households/{int:pk}", response=answers(shapes.Household), url_name="household")
def read(request: ApiRequest, pk: int) -> Any:
    """A family with its members and babies."""
    return _whole(request, access.family(request, pk))


@router.post(
    "/households/{int:pk}/members", response=answers(shapes.Member, status=201), url_name="members"
)
@may(FAMILIES)
def add_member(request: ApiRequest, pk: int, member: shapes.MemberIn) -> Any:
    """Another adult of the family."""
    adult = joining.Adult(**member.model_dump())
    added = joining.add_member(access.family(request, pk), adult)
    saw(request, [pk], "name", "phone")
    return Status(201, _member(added))


@router.patch("/members/{int:pk}", response=answers(shapes.Member), url_name="member")
@may(FAMILIES)
def change_member(request: ApiRequest, pk: int, change: shapes.MemberChange) -> Any:
    """A new name or a new number; what is not sent stays."""
    member, said = access.member(request, pk), change.sent()
    if "name" in said:
        joining.rename(member, said["name"])
    if "phone" in said:
        joining.change_phone(member, said["phone"])
    saw(request, [member.household_id], "name", "phone")
    return _member(member)


@router.get("/households/{int:pk}/babies", response=answers(list[shapes.Baby]), url_name="babies")
def babies(request: ApiRequest, pk: int) -> Any:
    """The family's babies, born and expected."""
    children = list(access.family(request, pk).children.order_by("pk"))
    saw(request, [pk], "child")
    return [_baby(child) for child in children]


@router.post(
    "/households/{int:pk}/babies", response=answers(shapes.Baby, status=201), url_name="new-baby"
)
@may(FAMILIES)
def add_baby(request: ApiRequest, pk: int, baby: shapes.NewBaby) -> Any:
    """A sibling is born or expected. Without consent it is counted and not described."""
    family = access.family(request, pk)
    child = joining.add_child(
        family,
        joining.Baby(**baby.model_dump(exclude={"has_consent", "evidence"})),
        guardian=family.members.first(),
        has_consent=baby.has_consent,
        channel="api",
        evidence=baby.evidence,
    )
    saw(request, [pk], "child")
    return Status(201, _baby(child))


@router.patch("/babies/{int:pk}", response=answers(shapes.Baby), url_name="baby")
@may(FAMILIES)
def change_baby(request: ApiRequest, pk: int, change: shapes.BabyChange) -> Any:
    """It was born, has a name, is fed differently or is weaned: its run-outs are foreseen anew. What
    is not sent stays as it is."""
    child, said = access.child(request, pk), change.sent()
    if {"born_on", "due_on"} & said.keys():
        days = {"born_on": child.born_on, "due_on": child.due_on} | said
        days = {name: days[name] for name in ("born_on", "due_on")}
        joining.check_baby(joining.Baby(**days), store=child.household.store)
    if "feeding" in said:
        said.setdefault("formula_share", None)
    if said:
        joining.change(child, by=None, **said)
    saw(request, [child.household_id], "child")
    return _baby(child)


def _row(family: people.Household) -> dict[str, Any]:
    first = next(iter(family.members.all()), None)
    return {
        "id": family.pk,
        "store": family.store.code,
        "name": first.name if first else "",
        "phone_last4": first.phone_last4 if first else "",
        "tier": family.tier,
        "status": family.status,
        "joined_on": family.joined_on,
        "last_sale_on": family.last_sale_on,
        "last_contact_at": family.last_contact_at,
    }


def _whole(request: ApiRequest, family: people.Household) -> dict[str, Any]:
    saw(request, [family.pk], "name", "phone", "child")
    members = [_member(member) for member in family.members.all()]
    children = [_baby(child) for child in family.children.order_by("pk")]
    return _row(family) | {"members": members, "babies": children}


def _member(member: people.Member) -> dict[str, Any]:
    plain = ("id", "name", "relation", "member_no", "phone", "is_primary")
    return {name: getattr(member, name) for name in plain} | {"household": member.household_id}


def _baby(child: people.Child) -> dict[str, Any]:
    plain = ("id", "name", "sex", "born_on", "due_on", "feeding", "formula_share", "weaned_on")
    facts = {name: getattr(child, name) for name in plain}
    return facts | {"household": child.household_id, "is_frozen": child.frozen_at is not None}
