"""What families bring to a shop in ordinary weeks, and what came of it. All of it is made up."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One kind of thing that happens again and again."""

    kind: str
    words: tuple[str, ...]
    done: str  # what was done about it, as the family was told
    outcome: str
    answer: str = ""  # a holding answer first; empty: settled at the first word
    cause: str = ""
    gives: int = 0  # what it costs us
    goods: str = ""  # the category of what they bought, if it is about that
    because: str = "属个别情况，已当面说明"  # why no department has to hear of it
    tells: tuple[tuple[str, str, str], ...] = ()  # department, what was found, what it changed
    review: str = "电话问过，家长说可以了"
    scores: tuple[int, ...] = (5, 5, 4)
    often: int = 1


@dataclass(frozen=True)
class Desk:
    """How well a store does."""

    code: str
    late: float  # of a hundred answers
    slow: float  # ends that come after their day
    cases: int  # in sixty days
    weak: tuple[str, ...] = ()  # causes that are frequent here


DESKS = [
    Desk("CX", late=0.01, slow=0.04, cases=23, weak=("goods-seal",)),
    Desk("JS", late=0.05, slow=0.08, cases=22),
    Desk("JN", late=0.09, slow=0.15, cases=22, weak=("delivery-late", "system-price")),
]
MENDED, MENDED_DAYS_AGO = "people-promise", 13  # a cause that somebody changed something about
STILL_AT_IT = "答应您的回话到时间了：事情还在办，明天给您结果。"
NO_CHANGE = "查了近三个月，只此一例，先不改；下个月再看一次。"
UNSOLVED = ["换来的还是老样子，没有解决", "说好的电话没有打来"]
THANKS = ["谢谢，收到了", "好的谢谢"]

MATTERS = [
    Matter(
        kind="quality", cause="goods-seal", goods="formula", gives=298, outcome="replaced", often=4,
        words=("奶粉罐口的封膜没有封好，不敢给宝宝喝", "新开的一罐盖子下面的膜翘起来了，密封不好",
               "罐子外面压扁了，封口那里有一道缝"),
        answer="先别再喝了，罐子和小票留好。我去查这一批，下午给您准信。",
        done="换了一罐新的送到家，旧罐收回来送检。",
        tells=(
            ("purchasing", "同一批次封膜起翘，库房还有同批。", "同批三十六罐退回供应商，改从另一条线供货。"),
            ("purchasing", "外箱太薄，最下一层压变形。", "和供应商换成五层箱，合同里写明。"),
            ("production", "封膜热合温度偏低，边上能揭开。", "封膜机每班头一罐先撕检，记录随批走。"),
            ("operations", "理货时整箱摔放，角上先着地。", "理货轻放写进标准，仓库贴了图。"),
        ),
        scores=(5, 4, 4, 5, 3),
    ),
    Matter(
        kind="quality", cause="goods-quality", goods="formula", gives=298, outcome="refunded", often=2,
        words=("奶粉冲出来有结块，摇不开", "打开有股异味，和上一罐不一样"),
        answer="我请您先停用，拍一下罐底批号，我们送去看，明天中午前给您回话。",
        done="按批号查过储运记录，给您退款，罐子已经取走。",
        tells=(("production", "运输途中受潮，罐底有水渍。", "装车前加防潮垫，雨天不装敞车。"),),
        scores=(4, 5, 2),
    ),
    Matter(
        kind="quality", cause="goods-label", goods="formula", outcome="explained", often=1,
        words=("罐子上写的冲调水温和您店里说的不一样，到底多少度",),
        done="按罐上的说明：先温水后奶粉，店里旧的小卡片写错了，已经撤下。",
        tells=(("training", "门店小卡片上的水温是旧版。", "小卡片换成新版，全体导购重新学了一遍。"),),
    ),
    Matter(
        kind="return", outcome="replaced", cause="people-knowledge", gives=109, often=4, goods="diapers",
        words=("纸尿裤买大了一码，没有拆，想换 M 码", "导购说穿 L 码，宝宝腿细一直漏，想换小一码"),
        answer="可以换，您留着包装，我看看店里有没有货，一会儿告诉您。",
        done="换成合适的尺码了，差价退回原路。",
        because="按体重表推荐即可，已经在晨会上说过",
    ),
    Matter(
        kind="delivery", cause="delivery-late", outcome="compensated", gives=20, often=4,
        words=("说好昨天送到的奶粉还没有到，宝宝只够喝到今晚", "纸尿裤等了两天，电话也没有人打",
               "说上午送，等到晚上也没有来"),
        answer="我马上查车到哪里了，一个小时之内回您电话。",
        done="从店里先送了一罐过去，今天再补齐；这次运费和一张券算我们的。",
        because="线路临时改道，已和承运方对过",
        scores=(4, 3, 5, 2),
    ),
    Matter(
        kind="delivery", cause="delivery-missing", outcome="put_right", often=2,
        words=("单子上写两包湿巾，只收到一包", "送来的是 3 段，我订的是 2 段"),
        answer="对不起，是我们拣错了，今天就给您补上，送之前打电话。",
        done="补送到家，当面点清了。",
        because="已经和拣货的同事复核",
    ),
    Matter(
        kind="complaint", cause="people-promise", outcome="explained", often=2,
        words=("说好周三打电话的，没有人打", "答应留货，去了说卖完了"),
        answer="是我们没做到，我先查清楚，今天天黑前给您一个说法。",
        done="当面道了歉，货从别的店调来了，以后答应的都记在系统里。",
        tells=(("operations", "口头答应留货，没有记下来。", "留货一律记成承诺，交班时过一遍。"),),
        scores=(4, 4, 2),
    ),
    Matter(
        kind="complaint", cause="people-attitude", outcome="explained", often=1,
        words=("收银排了二十分钟，催了一句还被顶回来",),
        answer="给您道歉。我和店长看一下当时的情况，明天中午前打给您。",
        done="店长打电话道了歉，周末高峰加开一台收银。",
        tells=(("operations", "周六下午四点到六点收银只有一台。", "周末下午加一个班。"),),
        scores=(3, 4, 2),
    ),
    Matter(
        kind="other", cause="system-price", outcome="put_right", often=3,
        words=("双倍积分没有到账", "小程序上的价和店里收的不一样"),
        answer="我查一下这张小票，今天给您补上。",
        done="查到了，积分已经补上，差价退给您。",
        because="活动改价晚了半天，已补",
    ),
    Matter(
        kind="question", outcome="explained", often=6,
        words=("宝宝五个月，能不能加米粉了？", "从 1 段换到 2 段，要不要混着喝几天？",
               "吸奶器的配件哪里有卖？", "明天几点开门？想带宝宝来量一下身高体重"),
        done="电话里讲清楚了，资料也发了一份过去。",
        review="家长说听明白了",
    ),
    Matter(
        kind="repair", outcome="repaired", often=1, answer="带来店里，我送去检，三天之内给您回话。",
        words=("吸奶器吸力变小了，才用了两个月",),
        done="换了一个阀片，试过了，吸力正常。",
        because="易损件，已提醒三个月一换",
    ),
    Matter(
        kind="suggestion", outcome="passed_on", often=1,
        words=("店里能不能放一张换尿布的台子", "试吃区能不能放低一点，孩子够不着"),
        done="记下来交给运营了，有结果告诉您。",
        tells=(("operations", "家长希望店里有换尿布台。", "三家店本月都装上了。"),),
        scores=(5,),
    ),
    Matter(
        kind="praise", outcome="passed_on", often=1,
        words=("周洁教奶奶冲奶粉，特别耐心，谢谢她",),
        done="转告本人和店长了，谢谢您特意说一声。",
        review="家长很高兴",
        scores=(5,),
    ),
]  # fmt: skip
