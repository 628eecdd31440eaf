"""What shops and tills call the columns. The first name of a list is the most certain.

Facts of 思迅's tables (t_rm_vip_info, t_rm_saleflow, t_bd_item_info, t_bd_branch_info,
t_rm_saleman) stand beside the heads that people type.
"""

MEMBER_NO = (
    "会员卡号 会员编号 会员号 会员卡 卡号 会员编码 会员代码 会员id vip卡号 贵宾卡号 顾客编号 "
    "客户编号 客户编码 card_id card_no member_no member_id member_code membership_no vip_no "
    "vip_id customer_id customer_no household_key household_id member"
)
PHONE = (
    "手机号 手机号码 手机 会员手机号 会员手机 联系电话 联系手机 移动电话 电话 电话号码 顾客手机 "
    "客户电话 联系方式 妈妈手机 家长手机 mobile mobile_phone phone phone_number tel telephone "
    "vip_tel cell"
)
STORE = (
    "开卡门店 所属门店 归属门店 注册门店 发卡门店 门店 门店名称 店铺 店铺名称 分店 机构 机构名称 "
    "网点 门店编码 门店编号 门店代码 branch_no store store_name store_code store_id store_no "
    "shop branch"
)
GUIDE = (
    "专属导购 导购 导购员 导购姓名 开卡人 服务导购 营业员 业务员 销售员 店员 所属导购 sale_id "
    "sale_man saleman guide sales_person salesperson clerk seller associate"
)
GTIN = (
    "国际条码 商品条码 条码 条形码 商品条形码 69码 国条码 主条码 barcode bar_code gtin gtin14 "
    "ean ean13 upc"
)
CODE = (
    "货号 自编码 商品编码 商品编号 商品货号 商品代码 品号 存货编码 编码 内部编码 item_no "
    "item_subno item_code product_code product_id product_no sku sku_id item"
)
PRODUCT = (
    "商品名称 品名 商品全名 商品名 货品名称 产品名称 存货名称 商品 item_name product_name "
    "product description product_description"
)
CONSENT = (
    "是否同意 同意 同意回访 是否同意回访 是否授权 授权 隐私同意 监护人同意 已同意 consent agreed "
    "has_consent consent_given opt_in"
)
STATUS = "状态 会员状态 卡状态 商品状态 card_status status active"

ALIASES: dict[str, dict[str, str]] = {
    "members": {
        "member_no": MEMBER_NO,
        "name": (
            "会员姓名 姓名 客户名称 顾客姓名 妈妈姓名 家长姓名 会员名称 客户姓名 名称 称呼 "
            "vip_name member_name customer_name full_name name"
        ),
        "phone": PHONE,
        "sex": "会员性别 性别 vip_sex gender sex",
        "birthday": (
            "会员生日 妈妈生日 家长生日 生日 出生日期 birthday birth_date date_of_birth dob"
        ),
        "store": STORE,
        "guide": GUIDE,
        "points": (
            "当前积分 可用积分 剩余积分 积分余额 积分 会员积分 now_acc_num points points_balance"
        ),
        "tier": (
            "会员等级 会员级别 等级 级别 卡类型 会员类型 卡类别 会员卡类型 card_type tier level "
            "grade"
        ),
        "joined_on": (
            "开卡日期 入会日期 注册日期 注册时间 开卡时间 入会时间 办卡日期 发卡日期 建档日期 "
            "创建时间 oper_date joined_on join_date registered_on registration_date created_at"
        ),
        "status": STATUS,
        "baby_name": (
            "宝宝姓名 宝宝名字 宝宝昵称 宝宝名 小孩姓名 孩子姓名 宝贝姓名 baby_name child_name"
        ),
        "baby_birth_on": (
            "宝宝生日 宝宝出生日期 宝宝出生日 宝宝出生年月 小孩生日 孩子生日 宝贝生日 宝宝生日1 "
            "baby_birthday baby_birth_date child_birthday child_birth_date"
        ),
        "baby_due_on": "预产期 宝宝预产期 预产日期 due_date due_on expected_date",
        "baby_sex": "宝宝性别 小孩性别 孩子性别 宝贝性别 baby_sex baby_gender child_gender",
        "feeding": "喂养方式 宝宝喂养方式 喂养 哺乳方式 喂养类型 feeding feeding_method",
        "consent": CONSENT,
        "note": "备注 说明 会员备注 memo remark remarks note notes comment",
    },
    "babies": {
        "member_no": MEMBER_NO,
        "phone": PHONE,
        "member_name": (
            "会员姓名 妈妈姓名 家长姓名 顾客姓名 客户名称 member_name parent_name customer_name"
        ),
        "name": (
            "宝宝姓名 宝宝名字 宝宝昵称 宝宝名 小孩姓名 孩子姓名 宝贝姓名 姓名 昵称 名字 "
            "baby_name child_name name"
        ),
        "birth_on": (
            "宝宝生日 宝宝出生日期 宝宝出生日 小孩生日 孩子生日 宝贝生日 出生日期 出生年月日 "
            "出生日 生日 baby_birthday baby_birth_date birth_date birth_on birthday "
            "date_of_birth dob"
        ),
        "due_on": "预产期 宝宝预产期 预产日期 due_date due_on expected_date",
        "sex": "宝宝性别 小孩性别 孩子性别 宝贝性别 性别 baby_sex baby_gender gender sex",
        "feeding": "喂养方式 宝宝喂养方式 喂养 哺乳方式 喂养类型 feeding feeding_method",
        "consent": CONSENT,
        "note": "备注 说明 memo remark remarks note notes",
    },
    "products": {
        "gtin": GTIN,
        "code": CODE,
        "name": PRODUCT + " 名称 name",
        "brand": "品牌 品牌名称 商品品牌 item_brandname brand brand_name",
        "category": (
            "类别 品类 商品类别 商品分类 类别名称 分类 大类 中类 小类 类别编码 item_clsno "
            "category product_category class department"
        ),
        "stage": "段数 段位 阶段 奶粉段位 stage step",
        "spec": (
            "规格 规格型号 商品规格 包装规格 型号 item_size spec specification size package_size"
        ),
        "content": "净含量 含量 净重 克重 内容量 content net_content net_weight",
        "unit": "单位 计量单位 基本单位 销售单位 unit_no unit uom",
        "price": (
            "零售价 标准售价 原价 吊牌价 市场价 建议零售价 价格 单价 price list_price retail_price"
        ),
        "sale_price": "会员价 售价 销售价 促销价 现价 sale_price vip_price member_price",
        "supplier": "供应商 主供应商 供货商 main_supcust supplier vendor manufacturer",
        "status": STATUS,
    },
    "sales": {
        "document_no": (
            "小票号 流水号 单据号 单据编号 销售单号 单号 订单号 交易流水号 交易号 收银流水号 "
            "小票流水号 订单编号 flow_no document_no receipt_no receipt_id order_no order_id "
            "transaction_id invoice_no basket_id ticket_no"
        ),
        "line_no": "行号 明细号 明细行号 小票行号 行序号 序号 flow_id line_no line line_id seq",
        "store": (
            "销售门店 门店 门店名称 店铺 店铺名称 分店 机构 机构名称 消费门店 交易门店 门店编码 "
            "门店编号 门店代码 branch_no store store_name store_code store_id store_no shop "
            "branch"
        ),
        "sold_at": (
            "销售日期 交易时间 销售时间 交易日期 消费时间 消费日期 购买日期 购买时间 结账时间 "
            "收银时间 下单时间 单据日期 日期时间 日期 时间 oper_date sold_at sale_date "
            "sales_date transaction_timestamp transaction_time transaction_date order_date "
            "purchase_date purchased_at datetime timestamp date time"
        ),
        "member_no": MEMBER_NO,
        "phone": PHONE,
        "gtin": GTIN,
        "code": CODE,
        "product_name": PRODUCT,
        "qty": "数量 销售数量 件数 销量 购买数量 sale_qnty qty quantity units count",
        "price": (
            "单价 销售单价 成交价 实售价 销售价 售价 零售价 会员价 sale_price unit_price price"
        ),
        "amount": (
            "实收金额 实付金额 销售金额 成交金额 实收 实付 小计金额 金额 销售额 总金额 应收金额 "
            "sale_money amount sales_value line_total net_amount total_amount total paid"
        ),
        "guide": GUIDE,
        "way": (
            "销售方式 销售类型 交易类型 单据类型 业务类型 退货标志 销售退货 sell_way sale_type "
            "transaction_type way type"
        ),
    },
    "stores": {
        "code": (
            "门店编码 门店编号 门店代码 店号 机构编码 机构编号 branch_no store_code store_no "
            "store_id code"
        ),
        "name": (
            "门店名称 店铺名称 门店 店铺 店名 机构名称 分店名称 branch_name store_name store name"
        ),
        "region": "区域 大区 所属区域 片区 地区 省份 region area district",
        "city": "城市 所在城市 city",
        "address": "地址 门店地址 详细地址 店铺地址 address",
        "phone": "门店电话 店铺电话 联系电话 电话 phone tel telephone",
        "latitude": "纬度 latitude lat",
        "longitude": "经度 longitude lon lng",
        "opened_on": "开业日期 开店日期 开业时间 opened_on open_date",
    },
    "staff": {
        "code": (
            "工号 员工编号 员工号 员工编码 导购编号 人员编码 营业员编号 sale_id staff_no "
            "staff_id employee_no employee_id code"
        ),
        "name": (
            "员工姓名 导购姓名 姓名 导购 营业员 店员姓名 名称 sale_name staff_name employee_name "
            "name"
        ),
        "phone": "手机号 手机号码 手机 联系电话 电话 mobile phone tel",
        "store": (
            "所属门店 门店 门店名称 所在门店 店铺 门店编码 门店编号 branch_no store store_name "
            "store_code"
        ),
        "role": "岗位 职位 角色 职务 role position job_title title",
        "joined_on": "入职日期 入职时间 hire_date hired_on joined_on",
    },
}
