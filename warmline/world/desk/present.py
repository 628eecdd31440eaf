"""What stands on the desk now: something of everything that a day at the desk can bring. Each matter is
a story of its own, told as far as it has come."""

from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from warmline.core.people.models import Staff
from warmline.goods.catalog.models import Product
from warmline.service.desk import (
    answering,
    asking,
    classifying,
    deciding,
    feeding_back,
    owning,
    preventing,
    reviewing,
)
from warmline.service.desk.models import Case, FromWhom
from warmline.world.desk.matters import MENDED, MENDED_DAYS_AGO
from warmline.world.desk.playing import Story
from warmline.world.desk.today import Today

TIN, LOT = "晴牧 1 段配方奶粉 800g", "Q2611K"  # head office is asked whether it is sold on
STORIES: list[Callable[[Today], Story]] = []


def _told(story: Callable[[Today], Story]) -> Callable[[Today], Story]:
    STORIES.append(story)
    return story


def present(here: Today) -> Iterator[Story]:
    for story in STORIES:
        yield story(here)


def _next(case: Case, at: datetime) -> datetime:
    """The sundown by which somebody may well be heard from."""
    return case.days().answer_by(at + timedelta(hours=2))


@_told
def a_seal_was_broken(here: Today) -> Story:
    """The store's page, half an hour ago: nobody has answered yet."""
    zhou = here.staff("zhou")
    yield here.ago(35)
    here.ask(zhou, "奶粉罐口的膜翘起来一块，没有封好，还能给宝宝喝吗？", kind="quality")


@_told
def a_baby_has_a_rash(here: Today) -> Story:
    yield here.ago(22)
    here.ask(here.staff("lina"), "换了新奶粉两天，宝宝脸上起红疹，是不是过敏？", kind="quality")


@_told
def a_parcel_is_late(here: Today) -> Story:
    wu = here.staff("wu")
    yield here.ago(95)
    case = here.ask(wu, "说好今天上午送的奶粉还没有到，宝宝只够喝到晚上", kind="delivery")
    yield here.ago(81)
    words = "车在三环上堵着，我先让店里送一罐过去，到了给您打电话。"
    answering.answer(case, words=words, by=wu, next_at=_next(case, here.now))


@_told
def the_size_is_wrong(here: Today) -> Story:
    """Said at the counter; she goes home soon and asks a colleague to take it over."""
    sun = here.staff("sunyue")
    yield here.ago(48)
    case = here.ask(
        sun, "纸尿裤买成 L 码了，宝宝才六公斤，没有拆，想换 M 码",
        kind="return", channel="walk_in", by=sun, owner=sun,
    )  # fmt: skip
    yield here.ago(12)
    owning.offer(case, to=here.staff("zhengxin"), words="我要下班了，M 码在后仓第二排", by=sun)


@_told
def we_wait_for_the_family(here: Today) -> Story:
    wang = here.staff("wanglin")
    yield here.day(1, 11, 5)
    case = here.ask(wang, "吸奶器吸力变小了，才买两个月", kind="repair", channel="wecom")
    yield here.day(1, 11, 40)
    words = "带来店里我给您检查，在保修期内，不收钱。"
    answering.answer(case, words=words, by=wang, next_at=_next(case, here.day(1, 12)))
    yield here.day(1, 15, 10)
    words = "家长说后天下午带机器过来"
    answering.wait(case, words=words, by=wang, next_at=case.days().after(here.now, 1))


@_told
def nobody_answered_yesterday(here: Today) -> Story:
    """It went up the ladder after sundown."""
    yield here.day(1, 10, 20)
    here.ask(here.staff("xujia"), "上周说好给留两包 NB 码，去了说卖完了", kind="complaint")


@_told
def a_promised_word_was_not_given(here: Today) -> Story:
    zhang = here.staff("zhangxin")
    yield here.day(2, 14, 20)
    case = here.ask(zhang, "双倍积分没有到账，小票还在", kind="other", channel="phone",
                    by=zhang, owner=zhang)  # fmt: skip
    yield here.day(2, 14, 55)
    words = "我请总部查这张小票，明天中午给您回话。"
    answering.answer(case, words=words, by=zhang, next_at=here.day(1, 12))


def _replaced(
    here: Today, guide: Staff, words: str, *, asked: datetime
) -> Generator[datetime, None, Case]:
    """Asked, answered, and a new tin within hours."""
    yield asked
    case = here.ask(guide, words, kind="quality")
    yield asked + timedelta(minutes=35)
    hold = "别再喝了，罐子留着。我查这一批，天黑前给您准信。"
    answering.answer(case, words=hold, by=guide, next_at=_next(case, asked))
    yield asked + timedelta(hours=2)
    seal = here.people.causes["goods-seal"]
    tin = Product.objects.get(name=TIN)
    classifying.classify(case, cause=seal, product=tin, lot=LOT, supplier="晴牧乳业", by=guide)
    why = "封口破损，同批已有两起"
    remedy = deciding.give(case, kind="replaced", amount=Decimal(298), why=why, by=guide)
    yield asked + timedelta(hours=2, minutes=15)
    if remedy.status == remedy.Status.ASKED:
        deciding.decide(remedy, is_yes=True, by=here.people.managers[case.store_id])
    words = "换了一罐别的批次的送到家，旧罐收回来了。"
    answering.finish(case, outcome="replaced", words=words, by=guide)
    return case


@_told
def to_be_reviewed(here: Today) -> Story:
    yield from _replaced(
        here, here.staff("yangfan"), "刚开的一罐，盖子下面的封口有一道缝", asked=here.ago(165)
    )


@_told
def purchasing_is_asked(here: Today) -> Story:
    chen = here.staff("chenlu")
    words = "罐口的封膜是翘的，密封不好，同一箱的另一罐是好的"
    case = yield from _replaced(here, chen, words, asked=here.day(2, 10, 30))
    yield here.day(1, 11, 20)
    reviewing.review(
        case, is_good=True, words="新的一罐没有问题，家长放心了", by=here.staff("hejing")
    )
    yield here.day(1, 11, 35)
    feeding_back.feed_back(
        case, here.people.departments["purchasing"], by=here.staff("fang"),
        finding=f"晴牧 {LOT} 这一批封口起翘，三家店一周里三起。请查供应商，并说明同批怎么处理。",
    )  # fmt: skip


@_told
def purchasing_is_late(here: Today) -> Story:
    hu = here.staff("hudie")
    words = "罐子外面压扁了，封口那里没封好"
    case = yield from _replaced(here, hu, words, asked=here.day(8, 10, 40))
    yield here.day(7, 10, 15)
    reviewing.review(case, is_good=True, words="家长说可以了", by=here.staff("zhaomin"))
    yield here.day(7, 10, 30)
    feeding_back.feed_back(
        case, here.people.departments["purchasing"], by=here.staff("agent"),
        finding="外箱没有护角，最外一排罐子压扁。请和供应商说包装。",
    )  # fmt: skip


@_told
def more_than_she_may_give(here: Today) -> Story:
    """Her manager is asked on the phone."""
    huang = here.staff("huangwei")
    yield here.ago(75)
    case = here.ask(huang, "孩子对这款奶粉不习惯，开了一罐，没开的那罐想退", kind="return",
                    channel="phone", by=huang, owner=huang)  # fmt: skip
    yield here.ago(60)
    words = "我问一下店长，一会儿打给您。"
    answering.answer(case, words=words, by=huang, next_at=_next(case, here.now))
    yield here.ago(31)
    deciding.give(
        case, kind="refunded", amount=Decimal(278), why="未开封，小票在，三天内", by=huang
    )


@_told
def not_solved_after_all(here: Today) -> Story:
    wu = here.staff("wu")
    yield here.day(1, 9, 50)
    case = here.ask(wu, "少发了一包湿巾", kind="delivery", n=1)
    yield here.day(1, 11, 30)
    answering.finish(case, outcome="put_right", words="今天补送，放在门卫那里了。", by=wu)
    yield here.ago(44)
    asking.not_solved(case, words="门卫说没有收到，东西在哪里？", key="demo:now:unsolved")


@_told
def a_supplier_writes(here: Today) -> Story:
    yield here.ago(46)
    here.ask_from(
        "CX", FromWhom.SUPPLIER, "晴牧乳业 贺经理", channel="email", subject="11 月第二批改到周四",
        words="您好，第二批 1 段 800g 因外箱改版，改到周四上午到仓。请确认收货的人和电话。",
    )  # fmt: skip


@_told
def a_dealer_rings(here: Today) -> Story:
    yield here.ago(140)
    case = here.ask_from(
        "JN", FromWhom.DEALER, "温江经销商 老康", channel="phone",
        words="上周五订的两件纸尿裤还没有单号，客户在催。",
    )  # fmt: skip
    yield here.ago(128)
    owning.take(case, by=here.staff("agent"))
    words = "仓库说今天下午发，出了单号我打给您。"
    answering.answer(case, words=words, by=here.staff("agent"), next_at=_next(case, here.now))


@_told
def a_colleague_asks(here: Today) -> Story:
    yield here.ago(40)
    here.ask_from(
        "JS", FromWhom.COLLEAGUE, "建设路店收银 小唐", channel="wecom",
        words="3 段 800g 海报写 228，系统扫出来 248，今天已经有两位家长问了。",
    )  # fmt: skip


@_told
def short_questions(here: Today) -> Story:
    yield here.ago(15)
    here.ask(here.staff("zhengxin"), "NB 码纸尿裤今天有货吗", kind="question", channel="sms")
    yield here.ago(9)
    here.ask(
        here.staff("zhangxin"), "五个多月，米粉先加哪一种？", kind="question", channel="wecom", n=1
    )


@_told
def wrong_number(here: Today) -> Story:
    xu = here.staff("xujia")
    yield here.day(1, 16, 10)
    case = here.ask(xu, "打错了，找隔壁药店的", kind="other", channel="phone", n=1, by=xu, owner=xu)
    yield here.day(1, 16, 12)
    answering.no_reply_needed(case, because="打错电话，当场说清楚了", by=xu)


@_told
def a_fathers_thanks(here: Today) -> Story:
    """Settled at the first word, and rated."""
    zhou = here.staff("zhou")
    yield here.day(1, 15, 40)
    case = here.ask(zhou, "周洁教奶奶冲奶粉特别耐心，想谢谢她", kind="praise", channel="sms", n=1)
    yield here.day(1, 16, 5)
    answering.finish(case, outcome="passed_on", words="转告她和店长了，谢谢您特意说一声。", by=zhou)
    yield here.day(1, 16, 30)
    asking.rate(case, 5)


@_told
def something_changes(here: Today) -> Story:
    """Somebody promised a change against a cause; the day comes on which we see whether it helped."""
    qin = here.staff("hq")
    yield here.day(24, 10)
    prevention = preventing.prevent(
        here.people.causes[MENDED], owner=qin, by=qin,
        words="口头答应留货、回电话，一律记成承诺，交班时过一遍",
        due_on=here.day(MENDED_DAYS_AGO - 1, 9).date(), check_on=here.day(-2, 9).date(),
    )  # fmt: skip
    yield here.day(MENDED_DAYS_AGO + 2, 17)
    preventing.done(prevention, words="三家店都开始用，交班单上多了一栏", by=qin)


@_told
def something_else_is_promised(here: Today) -> Story:
    yield here.day(2, 15, 30)
    preventing.prevent(
        here.people.causes["delivery-late"], owner=here.staff("hq"), by=here.staff("fang"),
        words="下午四点以后的单子改成第二天上午送，下单时就说清楚",
        due_on=here.day(-5, 9).date(), check_on=here.day(-35, 9).date(),
    )  # fmt: skip
