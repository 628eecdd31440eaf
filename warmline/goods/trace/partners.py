"""Whom we trace goods with: makers, dealers and carriers, their places, and who scans there."""

from collections.abc import Iterable
from secrets import token_hex

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from warmline.core.people.models import Staff
from warmline.goods.trace.identity.keys import BadKey, parse
from warmline.goods.trace.models import CompanyPrefix, Party, Place, Post
from warmline.goods.trace.provinces import PROVINCES

PREFIX_DIGITS = range(4, 13)


def put(
    *,
    name: str,
    sort: str,
    gln: str = "",
    territory: Iterable[str] = (),
    out_of_area_max: float | None = None,
    party: Party | None = None,
) -> Party:
    """Write a partner down, or anew; its number (GLN) stays what it was first."""
    if not name.strip():
        raise ValidationError({"name": _("A partner has a name.")})
    areas = sorted({area.strip() for area in territory if area.strip()})
    for area in areas:
        if not (area.isascii() and area.isdigit() and len(area) in (2, 4, 6)):
            raise ValidationError({"territory": _("%(area)s is no area code.") % {"area": area}})
        if area[:2] not in PROVINCES:
            raise ValidationError({"territory": _("No province has %(area)s.") % {"area": area}})
    if out_of_area_max is not None and not 0 <= out_of_area_max <= 1:
        raise ValidationError({"out_of_area_max": _("A share is between 0 and 100 %.")})
    if party is None:
        party = Party(uri=_uri(gln, "417") or f"urn:warmline:party:{token_hex(6)}")
    party.name, party.sort, party.territory = name.strip()[:80], sort, areas
    if out_of_area_max is not None:
        party.out_of_area_max = out_of_area_max
    _save(party)
    return party


def set_threshold(party: Party, share: float) -> None:
    """How much of a dealer's goods may turn up elsewhere before anybody asks."""
    if not 0 <= share <= 1:
        raise ValidationError(_("A share is between 0 and 100 %."))
    party.out_of_area_max = share
    party.save(update_fields=["out_of_area_max"])


def _uri(gln: str, ai: str) -> str:
    plain = gln.strip().replace(" ", "")
    if not plain:
        return ""
    try:
        return parse(f"https://id.gs1.org/{ai}/{plain}").uri
    except BadKey:
        raise ValidationError(
            {"gln": _("A location number (GLN) has 13 digits, and the last one checks them.")}
        ) from None


def _save(thing: Party | Place) -> None:
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError:
        raise ValidationError({"gln": _("Somebody has this number already.")}) from None


def put_place(
    party: Party,
    *,
    name: str,
    city: str = "",
    area: str = "",
    gln: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
) -> Place:
    """A place of a partner: a line, a warehouse, a shop's back door."""
    area = area.strip()
    if area and not (
        area.isascii() and area.isdigit() and len(area) in (2, 4, 6) and area[:2] in PROVINCES
    ):
        raise ValidationError({"area": _("%(area)s is no area code.") % {"area": area}})
    if (latitude is None) != (longitude is None):
        raise ValidationError({"latitude": _("Both, or neither.")})
    if not name.strip():
        raise ValidationError({"name": _("A place has a name.")})
    place = Place(
        uri=_uri(gln, "414") or f"urn:warmline:place:{token_hex(6)}",
        name=name.strip()[:80],
        city=city.strip()[:40],
        area=area,
        latitude=latitude,
        longitude=longitude,
        party=party,
    )
    _save(place)
    return place


def post(staff: Staff, place: Place) -> Post:
    """From now on this person scans there; one place each."""
    if staff.store_id is not None:
        raise ValidationError(_("Who works in one of our stores scans there."))
    found, _made = Post.objects.update_or_create(staff=staff, defaults={"place": place})
    return found


def end_post(found: Post) -> None:
    found.delete()


def add_prefix(prefix: str, *, name: str, is_ours: bool) -> CompanyPrefix:
    """A GS1 company prefix: ours makes pallet codes, a partner's lets links be written as URNs."""
    plain = prefix.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) in PREFIX_DIGITS):
        raise ValidationError({"prefix": _("A company prefix has 4 to 12 digits.")})
    try:
        with transaction.atomic():
            return CompanyPrefix.objects.create(
                prefix=plain, name=name.strip()[:80], is_ours=is_ours
            )
    except IntegrityError:
        raise ValidationError({"prefix": _("We know this prefix.")}) from None
