"""The playbooks that a chain starts with. They are rows like any other: edit them, switch them off.

The words are examples for a guide to bend to the family in front of her; none of them sells.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from warmline.core.playbooks import conditions
from warmline.core.promises.kinds import APOLOGY, ESCALATION, TOLD

Condition = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Builtin:
    """One playbook and its words: (中文, English)."""

    code: str
    signal: str
    kind: str
    name: tuple[str, str]
    concern: tuple[str, str]
    title: tuple[str, str]
    say: tuple[str, str]
    avoid: tuple[str, str]
    conditions: list[Condition] = field(default_factory=list)
    rest: Mapping[str, Any] = field(default_factory=dict)


def when(fact: str, comparison: str, value: Any) -> Condition:
    return {"fact": fact, "is": comparison, "value": value}


BUILTIN = [
    Builtin(
        code="run-out",
        signal="care.run_out_near",
        kind="care.run_out",
        name=("断粮前三天", "Three days before it runs out"),
        concern=("半夜发现罐子空了，最让人慌", "An empty tin at night is what a parent fears"),
        title=("快断粮了，问一声", "It is running low: ask"),
        say=(
            "您好，家里的应该快用完了吧？宝宝最近吃得怎么样？还剩多少，"
            "需要的话我给您留好或送到家。",
            "Hello, it must be running low by now. How is the baby eating? How much is left? I "
            "can put"
            " some aside for you or bring it over.",
        ),
        avoid=(
            "不催着买，不劝囤货；母乳够就为她高兴，不推一段奶粉",
            "Do not press and do not talk her into stock; if she breast-feeds, be glad with her and"
            " never push first-stage formula",
        ),
        rest={"weight": 1.5},
    ),
    Builtin(
        code="due-date",
        signal="care.age_node",
        kind="care.age_node",
        conditions=[when("node", "equal", "expected")],
        name=("预产期前一周", "A week before the due date"),
        concern=("临产前事情多，怕漏了什么", "So much to think of before the birth"),
        title=("预产期快到了，问候一下", "The due date is near: a kind word"),
        say=(
            "预产期快到了，身体还好吗？待产包要不要一起对一遍？宝宝出生了告诉我一声，我来改档案。",
            "The day is near: how are you? Shall we go through the hospital bag together? Let "
            "me know"
            " when the baby is there.",
        ),
        avoid=(
            "不谈奶粉，不送样品，不比较别人家",
            "No formula, no samples, no comparing with others",
        ),
        rest={"days_after": -7},
    ),
    Builtin(
        code="full-moon",
        signal="care.age_node",
        kind="care.age_node",
        conditions=[when("node", "equal", "full_moon")],
        name=("宝宝满月", "One month old"),
        concern=(
            "头一个月最累，有人惦记就暖",
            "The first month is the hardest; being thought of helps",
        ),
        title=("今天满月，道声恭喜", "One month today: congratulate"),
        say=(
            "恭喜宝宝满月！妈妈这个月辛苦了，睡得好吗？喂养上有什么想问的，慢慢说，我记着。",
            "One month already, congratulations! How are you sleeping? Tell me whatever you wonder"
            " about feeding, I am taking notes.",
        ),
        avoid=(
            "不推销；听到情绪低落，别劝“想开点”，先陪她说完再看求助卡",
            "No selling; if she is low, do not tell her to cheer up: listen, then use the card",
        ),
    ),
    Builtin(
        code="hundred-days",
        signal="care.age_node",
        kind="care.age_node",
        conditions=[when("node", "equal", "hundred_days")],
        name=("宝宝百天", "A hundred days old"),
        concern=("百天是全家的喜事", "The hundredth day is a feast for the family"),
        title=("今天百天，送上祝福", "A hundred days today: good wishes"),
        say=(
            "宝宝百天快乐！最近会翻身了吗？量过身高体重的话告诉我，我帮您记在档案里。",
            "Happy hundredth day! Is the baby rolling over yet? Tell me height and weight if "
            "you have"
            " them, I will note them.",
        ),
        avoid=("不和别的宝宝比，不评价胖瘦", "Do not compare babies, do not judge weight"),
    ),
    Builtin(
        code="weaning",
        signal="care.age_node",
        kind="care.age_node",
        conditions=[when("node", "equal", "weaning")],
        name=("满六个月，准备添辅食", "Six months: first solids"),
        concern=("第一口吃什么、会不会过敏，新手都没底", "What first, and what about allergies?"),
        title=("下周满六个月，聊聊辅食", "Six months next week: talk about solids"),
        say=(
            "宝宝快满六个月了，辅食准备得怎么样？一次只添一样，先从含铁的开始，有过敏史先问医生。",
            "Nearly six months: are you ready for solids? One new food at a time, iron first; with"
            " allergies in the family ask a doctor before.",
        ),
        avoid=(
            "不下诊断，不说“别人家都这样”，不催着断奶",
            "No diagnosis, no “everybody does”, no hurry to stop breast-feeding",
        ),
        rest={"days_after": -7},
    ),
    Builtin(
        code="stage-2",
        signal="care.age_node",
        kind="care.age_node",
        conditions=[when("node", "equal", "stage"), when("stage", "equal", 2)],
        name=("一段转二段", "From stage 1 to stage 2"),
        concern=("转段太急肚子闹，旧罐又剩下", "Too quick a switch upsets; and tins are left over"),
        title=("两周后转二段，先把一段用完", "Stage 2 in two weeks: use up stage 1 first"),
        say=(
            "宝宝快六个月了，两周后可以慢慢转二段。家里一段还剩几罐？够用就先别买，"
            "剩下的我帮您算。",
            "Nearly six months: stage 2 can begin slowly in two weeks. How many tins of stage 1 are"
            " left? Let us use them up before you buy.",
        ),
        avoid=(
            "一段够用就不再卖一段；不劝提前转，不舒服先看医生",
            "No more stage 1 than will be used; no early switch; if unwell, a doctor first",
        ),
        rest={"days_after": -14, "weight": 1.2},
    ),
    Builtin(
        code="stage-3",
        signal="care.age_node",
        kind="care.age_node",
        conditions=[when("node", "equal", "stage"), when("stage", "equal", 3)],
        name=("二段转三段", "From stage 2 to stage 3"),
        concern=("一岁换段，怕不适应", "At one year a switch worries"),
        title=("两周后转三段，先把二段用完", "Stage 3 in two weeks: use up stage 2 first"),
        say=(
            "宝宝快一岁了！二段还剩多少？先用完，新旧搭着喝几天就顺了。饭吃得怎么样？",
            "Nearly one year! How much of stage 2 is left? Use it up, and mix for some days. "
            "How does"
            " the baby eat?",
        ),
        avoid=(
            "二段够用就不再卖二段；不说不喝三段会缺营养",
            "No more stage 2 than needed; no scaring",
        ),
        rest={"days_after": -14, "weight": 1.1},
    ),
    Builtin(
        code="birthday",
        signal="care.age_node",
        kind="care.age_node",
        conditions=[when("node", "equal", "birthday")],
        name=("宝宝生日", "The baby's birthday"),
        concern=("有人记得，就是心意", "To be remembered is the gift"),
        title=("今天生日，祝宝宝快乐", "Birthday today: good wishes"),
        say=(
            "宝宝生日快乐！又长大一岁了，最近有什么新本事？有空来店里，我们给宝宝量量身高。",
            "Happy birthday! What can the little one do now? Come by, we will measure the height.",
        ),
        avoid=("生日电话不带货", "A birthday call carries no goods"),
        rest={"weight": 0.9},
    ),
    Builtin(
        code="important-date",
        signal="care.important_date",
        kind="care.important_date",
        name=("家里的重要日子", "A day that matters to the family"),
        concern=("农历、公历都有人替她记着", "Somebody remembers, by sun or by moon"),
        title=("今天是这家的重要日子", "A day that matters to this family"),
        say=(
            "今天是您家的好日子，我一直记着呢，祝一家人平平安安！",
            "Today is a special day for you, I had it in mind: all the best to the family!",
        ),
        avoid=("只祝福，不带货", "Good wishes only, no goods"),
        rest={"weight": 0.8},
    ),
    Builtin(
        code="welcome",
        signal="people.family_joined",
        kind="care.welcome",
        conditions=[when("source", "none_of", ["import"])],
        name=("新会员次日问候", "Welcome on the next day"),
        concern=("第一次打交道，想知道找谁", "After the first visit: whom can I ask?"),
        title=("昨天刚入会，打个招呼", "Joined yesterday: say hello"),
        say=(
            "您好，我是您的专属导购，以后宝宝的事随时找我。昨天带回去的东西用着还顺手吗？",
            "Hello, I am your guide from now on: ask me anything. Is what you took home "
            "yesterday all"
            " right?",
        ),
        avoid=("不追问隐私，资料慢慢补", "Do not pry; the file may fill slowly"),
        rest={"days_after": 1, "weight": 1.3},
    ),
    Builtin(
        code="high-value",
        signal="sales.posted",
        kind="care.call_back",
        conditions=[when("total", "at_least", 1000), when("is_return", "equal", False)],
        name=("大额消费次日回访", "Call back after a large purchase"),
        concern=("一次买多了，怕买错", "After a large purchase one wonders"),
        title=("昨天买得不少，问问是否合用", "A large purchase yesterday: is all well?"),
        say=(
            "昨天带回去的东西都合适吗？没开封的有不合适的，尽管拿来换。用法上有不清楚的我来讲。",
            "Is everything right for you? What is unopened can be exchanged. Shall I explain "
            "anything?",
        ),
        avoid=("不加单，不提凑满减", "No add-ons, no thresholds"),
        rest={"days_after": 1, "weight": 1.2},
    ),
    Builtin(
        code="complaint",
        signal="care.complaint",
        kind="care.call_back",
        name=("投诉后回访", "Call back after a complaint"),
        concern=("说了不满，最怕没有下文", "After a complaint, silence is the worst"),
        title=("前天有过不满，回访一次", "A complaint two days ago: ring back"),
        say=(
            "上次的事让您费心了，我想亲自问问：现在处理得您满意吗？还有哪里没到位，我接着办。",
            "I am sorry for the trouble. Are you content with how it was put right? What is still"
            " missing?",
        ),
        avoid=("不辩解，不推给别人，不送券了事", "Do not justify, do not blame, no coupon instead"),
        rest={"days_after": 2, "purpose": "service", "weight": 2.0},
    ),
    Builtin(
        code="quiet",
        signal="care.family_quiet",
        kind="care.quiet",
        name=("安静的家庭", "A family gone quiet"),
        concern=("不来了，多半是有原因没说", "Those who stay away had a reason they did not tell"),
        title=("好久没来，关心一下", "Not seen for long: ask how they are"),
        say=(
            "有阵子没见您了，宝宝都好吧？是不是我们哪里没做好？换了牌子、断奶了也告诉我，"
            "我记一下。",
            "We have not seen you for a while, is the baby well? Did we do something wrong? If you"
            " changed brand or weaned, just tell me.",
        ),
        avoid=("不发券，不质问，不提别家", "No coupons, no reproach, nothing about other shops"),
        rest={"due": "closing", "weight": 0.8},
    ),
    Builtin(
        code="apology",
        signal="promises.broken",
        kind=APOLOGY,
        conditions=[when("promise_kind", "one_of", list(TOLD))],
        name=("失约后店长道歉", "The manager apologises for a broken promise"),
        concern=("答应了没做到，比没答应更伤人", "A broken word hurts more than none"),
        title=("我们失约了，去道个歉", "We broke our word: apologise"),
        say=(
            "您好，我是店长。答应您的事没有按时做到，是我们不对。现在我来办，办好给您回话。",
            "I am the manager. We did not keep what we promised you, and I am sorry. I will see "
            "to it"
            " now and ring you when it is done.",
        ),
        avoid=("不找借口，不说导购的不是", "No excuses, and no word against the guide"),
        rest={
            "who": "manager",
            "due": "hours",
            "within_hours": 24,
            "purpose": "service",
            "weight": 2.5,
        },
    ),
    Builtin(
        code="red-flag",
        signal="contacts.red_flag",
        kind=ESCALATION,
        name=("红线话题，店长马上看", "A red flag: the manager looks at once"),
        concern=("事关安全和健康，不能等", "Safety and health cannot wait"),
        title=("备注里有红线话题，马上核实", "A note raised a red flag: look at it now"),
        say=(
            "先看备注和求助卡：只确认情况、给出求助电话、约好回话时间；需要时陪她一起拨打。",
            "Read the note and the card: ask how things are, give the number to ring, agree "
            "when you"
            " ring again; dial together with her if needed.",
        ),
        avoid=("不诊断，不开方，不争辩，不拖", "No diagnosis, no remedy, no argument, no delay"),
        # Nobody's safety waits for a consent or a budget.
        rest={
            "who": "manager",
            "due": "hours",
            "within_hours": 2,
            "purpose": "recall",
            "weight": 5.0,
        },
    ),
]


def install(playbooks: Any, scripts: Any) -> int:
    """Create those that are missing, by code; how many. What a chain has edited stays as it is."""
    there = set(playbooks.objects.values_list("code", flat=True))
    missing = [row for row in BUILTIN if row.code not in there]
    with transaction.atomic():
        for row in missing:
            _create(row, playbooks, scripts)
    return len(missing)


def _create(row: Builtin, playbooks: Any, scripts: Any) -> None:
    words = {name: _both(getattr(row, name)) for name in ("title", "say", "avoid")}
    playbooks.objects.create(
        code=row.code,
        signal=row.signal,
        promise_kind=row.kind,
        name=_both(row.name),
        concern=_both(row.concern),
        conditions=[dict(condition) for condition in row.conditions],
        condition=conditions.compile([dict(condition) for condition in row.conditions]),
        script=scripts.objects.create(**words),
        **row.rest,
    )


def _both(words: tuple[str, str]) -> dict[str, str]:
    return dict(zip(("zh-hans", "en"), words, strict=True))
