"""What partners say of places in a header: names where we had none, and what lies in what."""

import pytest

from warmline.goods.trace import asking, journeys, knowing, parameters
from warmline.goods.trace.models import Event, Party, Place
from warmline.goods.trace.tests.conftest import event, gln, sgtin, take_in

pytestmark = pytest.mark.django_db
YARD, HALL, GATE = (f"{gln(7)}{part}" for part in ("", "/254/HALL", "/254/GATE"))
PLACES, READERS = (
    f"urn:epcglobal:epcis:vtype:{kind}" for kind in ("BusinessLocation", "ReadPoint")
)


def place(uri, children=(), **facts):
    said = [{"id": f"urn:epcglobal:cbv:mda:{k}", "attribute": v} for k, v in facts.items()]
    more = {"children": list(children)} if children else {}
    return {"id": uri, "attributes": said, **more}


def header(*elements, kind=PLACES):
    listed = [{"type": kind, "vocabularyElementList": list(elements)}]
    return {"epcisHeader": {"epcisMasterData": {"vocabularyList": listed}}}


def found(**question):
    said = {name: [value] for name, value in question.items()}
    rows = Event.objects.filter(asking.condition(parameters.read(said)))
    return rows.count()


def test_questions_about_a_yard_find_what_happened_in_its_halls():
    take_in(
        event(epcList=[sgtin("A1")], bizLocation={"id": HALL}, readPoint={"id": GATE}),
        **header(place(YARD, [HALL], name="沈阳仓", city="沈阳"), place(HALL, [GATE])),
    )
    assert found(WD_bizLocation=YARD) == found(WD_readPoint=YARD) == 1
    assert found(EQ_bizLocation=YARD) == found(WD_bizLocation=GATE) == 0
    step = journeys.journey(knowing.unit_named(sgtin("A1")))[0]
    assert step.place.uri == HALL
    assert Place.objects.get(uri=YARD).city == "沈阳"


def test_a_reader_lies_where_the_gln_of_its_site_says():
    site = YARD.rsplit("/", 1)[-1]
    said = {**place(GATE, site=site), "id": GATE.replace("https://id.gs1.org", "https://x.cn")}
    take_in(event(epcList=[sgtin("A1")], readPoint={"id": GATE}), **header(said, kind=READERS))
    assert found(WD_readPoint=YARD) == 1


def test_a_header_alone_is_taken_in_and_said_again_changes_nothing():
    for _time in range(2):
        said = header(place(YARD, [HALL], name="仓", latitude="41.8", longitude=123.4))
        assert take_in(**said).is_success
    yard = Place.objects.get(uri=YARD)
    assert (yard.name, yard.latitude, yard.longitude) == ("仓", 41.8, 123.4)
    assert Place.objects.get(uri=HALL).inside == yard


def test_what_head_office_wrote_stays():
    Place.objects.create(uri=YARD, name="我们的仓", latitude=1, longitude=2)
    take_in(**header(place(YARD, name="别名", city="沈阳", latitude=41, longitude=123)))
    yard = Place.objects.get(uri=YARD)
    assert (yard.name, yard.city, yard.latitude) == ("我们的仓", "沈阳", 1)
    assert yard.facts["name"] == "别名"


def test_a_ring_of_places_is_not_believed():
    take_in(**header(place(YARD, [HALL]), place(HALL, [GATE])))
    take_in(**header(place(GATE, [YARD]), place(HALL, [HALL])))
    assert Place.objects.get(uri=YARD).inside is None
    assert Place.objects.get(uri=HALL).inside.uri == YARD


def test_a_later_word_moves_a_hall():
    other = gln(8)
    take_in(**header(place(YARD, [HALL])))
    take_in(**header(place(other, [HALL])))
    assert Place.objects.get(uri=HALL).inside.uri == other


def test_parties_get_names():
    uri = gln(3).replace("/414/", "/417/")
    take_in(**header(place(uri, name="杭州经销商"), kind="urn:epcglobal:epcis:vtype:Party"))
    assert Party.objects.get(uri=uri).name == "杭州经销商"


@pytest.mark.parametrize("proceed", [False, True])
def test_a_wrong_gln_in_the_header_is_told(proceed):
    wrong = gln(7)[:-1] + str((int(gln(7)[-1]) + 1) % 10)
    job = take_in(
        event(epcList=[sgtin("A1")]),
        proceed=proceed,
        **header(place(wrong, name="x"), place(HALL, name="厅")),
    )
    assert not job.is_success
    assert wrong in job.errors[0]["detail"]
    assert Event.objects.count() == Place.objects.filter(name="厅").count() == int(proceed)


def test_what_is_said_of_places_has_a_measure():
    said = place(YARD, name="名" * 900, city="市" * 90, latitude="north", longitude="1e9")
    take_in(**header(said, place(HALL, latitude=1000, longitude=1)))
    yard = Place.objects.get(uri=YARD)
    assert (len(yard.name), len(yard.city), yard.latitude) == (80, 40, None)
