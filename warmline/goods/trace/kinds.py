"""What trace adds to the registers of the spine: a kind of promise, names of signals, a playbook."""

from django.utils.translation import gettext_lazy as _

from warmline.core.playbooks.builtin import BUILTIN, Builtin
from warmline.core.playbooks.facts import NAMES_OF_SIGNALS
from warmline.core.promises.kinds import NAMES

RECALL = "trace.recall"

NAMES[RECALL] = _("Tell a family of a recall")
NAMES_OF_SIGNALS.update(
    {
        "trace.recall_touches_family": _("A recall touches a family"),
        "trace.unit_registered": _("A family registered a product"),
    }
)
CALL = Builtin(
    code="recall-call",
    signal="trace.recall_touches_family",
    kind=RECALL,
    name=("召回：今天打到每一家", "A recall: ring every family today"),
    concern=(
        "宝宝正在吃的东西要召回，最怕没人告诉",
        "What the baby eats is recalled, and nobody says so",
    ),
    title=("召回通知：请先停用", "Recall: please stop using it"),
    say=(
        "您好，跟您说一件要紧的事：您买的这批奶粉正在召回，请先停用，没开的也先别开。罐子留着，"
        "我们上门取或者您带到店里，都给您退。宝宝现在怎么样？有没有不舒服？",
        "Hello, something important: the milk you bought is being recalled. Please stop using it and"
        " keep the tins; we fetch them or you bring them to the store, and you get your money back."
        " How is the baby? Is anything wrong?",
    ),
    avoid=(
        "不猜原因，不说“没事的”，不借机推荐别的；有不舒服马上请她就医并告诉店长",
        "Do not guess at causes, do not say it is nothing, sell nothing; if the baby is unwell, send"
        " them to a doctor and tell the manager",
    ),
    rest={"due": "hours", "within_hours": 12, "purpose": "recall", "weight": 9.0},
)
if CALL.code not in {row.code for row in BUILTIN}:
    BUILTIN.append(CALL)
