"""Heads of 思迅, of Excel lists people keep, and of English systems, each understood."""

import pytest

from warmline.base.sheets import find_head, guess
from warmline.base.sheets.aliases import ALIASES
from warmline.base.sheets.heads import KINDS, LABELS, NEEDED, TELLING, normal

VIP = (
    "card_id card_no vip_name vip_sex mobile vip_tel birthday branch_no sale_id card_type "
    "card_status now_acc_num oper_date"
)
FLOW = (
    "flow_no flow_id branch_no item_no item_subno sale_price sale_qnty sale_money sell_way card_id "
    "sale_man oper_date"
)
ITEM = (
    "item_no item_subno item_name item_clsno item_brandname item_size unit_no price sale_price "
    "vip_price main_supcust build_date status"
)


def meant(kind, heads):
    mapping = guess(kind, heads)
    return mapping.kind, {name: heads[at] for name, at in mapping.columns.items()}


def test_the_members_of_sixun():
    assert meant(None, VIP.split()) == (
        "members",
        {
            "member_no": "card_id",
            "name": "vip_name",
            "sex": "vip_sex",
            "phone": "mobile",
            "birthday": "birthday",
            "store": "branch_no",
            "guide": "sale_id",
            "tier": "card_type",
            "status": "card_status",
            "points": "now_acc_num",
            "joined_on": "oper_date",
        },
    )


def test_the_sales_of_sixun():
    assert meant(None, FLOW.split()) == (
        "sales",
        {
            "document_no": "flow_no",
            "line_no": "flow_id",
            "store": "branch_no",
            "code": "item_no",
            "price": "sale_price",
            "qty": "sale_qnty",
            "amount": "sale_money",
            "way": "sell_way",
            "member_no": "card_id",
            "guide": "sale_man",
            "sold_at": "oper_date",
        },
    )


def test_the_products_of_sixun():
    kind, columns = meant(None, ITEM.split())

    assert kind == "products"
    assert columns["code"] == "item_no"
    assert columns["spec"] == "item_size"
    assert columns["sale_price"] == "sale_price"


@pytest.mark.parametrize(
    ("heads", "kind"),
    [
        ("会员编号 姓名 联系电话 开卡门店 开卡人 积分", "members"),
        ("手机号码 姓名 宝宝生日 预产期 会员等级", "members"),
        ("会员卡号 宝宝姓名 出生日期 宝宝性别 喂养方式", "babies"),
        ("联系电话 宝宝姓名 宝宝生日", "babies"),
        ("国际条码 商品全名 规格 品牌 零售价", "products"),
        ("货号 品名 规格 单位 售价", "products"),
        ("单据号 销售日期 货号 品名 数量 售价 金额", "sales"),
        ("小票号 交易时间 卡号 条码 商品名称 数量 实收金额 导购", "sales"),
        ("receipt_no date store customer_id sku qty amount", "sales"),
        (
            "basket_id transaction_timestamp household_key product_id quantity sales_value",
            "sales",
        ),
        ("门店编码 门店名称 区域 地址", "stores"),
        ("工号 姓名 所属门店 岗位 手机", "staff"),
    ],
)
def test_the_kind_of_a_table_shows_in_its_heads(heads, kind):
    mapping = guess(None, heads.split())

    assert mapping.kind == kind
    assert mapping.missing == ()


def test_blanks_width_case_and_remarks_do_not_matter():
    heads = [
        "* 会员 卡号（必填）",
        "ＭＯＢＩＬＥ",
        "会员-姓名:",
        "Points Balance",
        "宝宝生日(yyyy-mm-dd)",
    ]

    assert set(guess("members", heads).columns) == {
        "member_no",
        "phone",
        "name",
        "points",
        "baby_birth_on",
    }


def test_words_around_a_head_do_not_hide_it():
    mapping = guess("members", ["顾客的手机号码信息", "当前可用积分"])

    assert mapping.columns == {"phone": 0, "points": 1}


def test_a_head_said_outright_is_not_taken_by_a_likeness():
    assert guess("sales", ["商品条码信息", "条码"]).columns["gtin"] == 1


def test_what_is_lacking_and_what_is_left_over_is_said():
    mapping = guess("sales", ["小票号", "天气", "数量"])

    assert mapping.unmatched == (1,)
    assert mapping.missing == (("sold_at",), ("code", "gtin", "product_name"))


def test_a_birthday_belongs_to_whom_the_table_is_about():
    assert guess("babies", ["手机", "生日"]).columns["birth_on"] == 1
    assert guess("members", ["手机", "生日"]).columns["birthday"] == 1
    assert guess("members", ["手机", "生日", "宝宝生日"]).columns["baby_birth_on"] == 2


def test_the_columns_of_a_file_to_mend_say_nothing():
    mapping = guess("members", ["会员卡号", "问题", "问题列", "问题行", "Problem row"])

    assert mapping.columns == {"member_no": 0}
    assert mapping.unmatched == ()


def test_places_are_given_in_the_order_asked_for():
    mapping = guess("sales", ["数量", "小票号"])

    assert mapping.places(["document_no", "guide", "qty"]) == [1, None, 0]


def test_unknown_heads_are_the_fullest_row_for_a_person_to_name():
    head = find_head([["报表"], ["", ""], ["甲", "乙", "丙"], ["1", "2", "3"]])

    assert (head.row, head.names) == (3, ["甲", "乙", "丙"])


def test_tall_heads_lend_their_words_to_the_row_below():
    head = find_head(
        [["卡号", "联系", "", "积分"], ["", "手机", "地址", ""], ["V1", "139", "x", "1"]]
    )

    assert head.row == 2
    assert head.names == ["卡号", "手机", "地址", "积分"]


def test_a_person_may_say_where_the_heads_are():
    head = find_head([["卡号", "姓名"], ["手机", "积分"], ["1", "2"]], row=2)

    assert (head.row, head.mapping.columns) == (2, {"phone": 0, "points": 1})


def test_every_field_has_a_label_and_every_alias_one_best_meaning():
    for kind, fields in ALIASES.items():
        assert set(fields) <= set(LABELS)
        assert TELLING[kind] <= set(fields)
        assert all(set(group) <= set(fields) for group in NEEDED[kind])
        for name, aliases in fields.items():
            first = aliases.split()[0]
            assert guess(kind, [first]).columns == {name: 0}, (kind, name, normal(first))
    assert set(ALIASES) == set(KINDS)
