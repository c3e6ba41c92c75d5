"""Bags and outdoor goods for the way home and the hill beyond."""

from storage.demo.goods import DemoProduct, DemoVariant, Words

COLOR = Words("Color", "颜色")
CAPACITY = Words("Capacity", "容量")

TRAM: tuple[DemoProduct, ...] = (
    DemoProduct(
        sku="LT-101",
        brand="last-tram",
        category="bags",
        title=Words("Roll-Top Backpack", "卷口双肩包"),
        description=Words(
            "Twenty-two liters, or twenty-eight with the roll let out. Waxed canvas "
            "outside, a dry laptop inside, and a pocket you can reach while walking.",
            "平时二十二升，卷口放开二十八升。外层油蜡帆布，里面电脑是干的，走着也够得到侧袋。",
        ),
        tags=("backpack", "canvas", "commute", "双肩包", "通勤"),
        variants=(
            DemoVariant("LT-101-PINE", ((COLOR, Words("Pine", "松绿")),), 11800, 14),
            DemoVariant("LT-101-INK", ((COLOR, Words("Ink", "墨蓝")),), 11800, 10),
            DemoVariant("LT-101-BRICK", ((COLOR, Words("Brick", "砖红")),), 11800, 3),
        ),
        drawing="backpack:plain",
        palette=("#3F5F5C", "#CE8E4C", "#E2D3B8", "#35405C", "#A8523C"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-102",
        brand="last-tram",
        category="bags",
        title=Words("Night Tram Tote", "夜车帆布袋"),
        description=Words(
            "Heavy canvas, long handles, one tram on the way home. Carries a week of "
            "groceries and stands up by itself.",
            "厚帆布、长提手，印一辆回家的末班车。装得下一周的菜，自己还站得住。",
        ),
        tags=("tote", "canvas", "帆布袋", "购物袋"),
        variants=(
            DemoVariant("LT-102-NAT", ((COLOR, Words("Natural", "本白")),), 2600, 46),
            DemoVariant("LT-102-MUSTARD", ((COLOR, Words("Mustard", "芥黄")),), 2600, 28),
            DemoVariant("LT-102-MIST", ((COLOR, Words("Mist", "雾青")),), 2600, 17),
        ),
        drawing="tote:tram",
        palette=("#F0E7D5", "#2E3A5C", "#EBBF8C", "#E3B84E", "#C9D3CC"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-103",
        brand="last-tram",
        category="bags",
        title=Words("Contour Sling", "等高线斜挎包"),
        description=Words(
            "For phone, keys, book and a sandwich. The lines on it are a real hill, "
            "40 minutes from the last stop.",
            "放手机、钥匙、一本书和一个三明治。上面的等高线是真的山，终点站再走四十分钟。",
        ),
        tags=("sling", "crossbody", "斜挎包"),
        variants=(
            DemoVariant("LT-103-SLATE", ((COLOR, Words("Slate", "岩灰")),), 4800, 23),
            DemoVariant("LT-103-MOSS", ((COLOR, Words("Moss", "苔绿")),), 4800, 12),
        ),
        drawing="sling:contour",
        palette=("#566073", "#E5874A", "#CDD6E2", "#6B7A5A"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-104",
        brand="last-tram",
        category="bags",
        title=Words("Two-Night Weekender", "两夜旅行袋"),
        description=Words(
            "Exactly two nights: shoes at one end, a coat across the top. Fits under "
            "the seat of every train we have tried.",
            "不多不少装两晚：一头放鞋，上面搭外套。我们坐过的火车座位底下都塞得进。",
        ),
        tags=("duffel", "travel", "旅行袋"),
        variants=(
            DemoVariant("LT-104-OLIVE", ((COLOR, Words("Olive", "橄榄")),), 11000, 8),
            DemoVariant("LT-104-NAVY", ((COLOR, Words("Navy", "藏青")),), 11000, 6),
        ),
        drawing="duffel:plain",
        palette=("#8C9269", "#6E4A35", "#E6DCC0", "#44546A"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-105",
        brand="last-tram",
        category="bags",
        title=Words("Three Zip Pouches", "三只拉链袋"),
        description=Words(
            "Cables, coins, toothbrush: three things that should never meet. Coated "
            "cotton, wipes clean.",
            "线材、零钱、牙刷，三样东西别碰头。覆膜棉布，一擦就净。",
        ),
        tags=("pouch", "organizer", "收纳袋"),
        variants=(DemoVariant("LT-105", (), 2900, 31),),
        drawing="zips:plain",
        palette=("#DB8B4A", "#EDE3D2", "#BFD2CC", "#4A7D8C", "#2E3A5C"),
        photos=2,
    ),
    DemoProduct(
        sku="LT-201",
        brand="last-tram",
        category="outdoors",
        title=Words("Ridge Line Flask", "山脊保温瓶"),
        description=Words(
            "Tea stays hot till the top and water cold till the bottom. One hand "
            "opens it, even in gloves.",
            "上山时茶还是热的，下山时水还是凉的。戴手套也能单手拧开。",
        ),
        tags=("flask", "bottle", "steel", "保温瓶", "水瓶"),
        variants=(
            DemoVariant(
                "LT-201-500-TEAL",
                (
                    (CAPACITY, Words("500 ml", "500 毫升")),
                    (COLOR, Words("Teal", "湖青")),
                ),
                3200,
                33,
            ),
            DemoVariant(
                "LT-201-500-RUST",
                (
                    (CAPACITY, Words("500 ml", "500 毫升")),
                    (COLOR, Words("Rust", "赭红")),
                ),
                3200,
                20,
            ),
            DemoVariant(
                "LT-201-750-TEAL",
                (
                    (CAPACITY, Words("750 ml", "750 毫升")),
                    (COLOR, Words("Teal", "湖青")),
                ),
                3800,
                11,
            ),
            DemoVariant(
                "LT-201-750-DUSK",
                (
                    (CAPACITY, Words("750 ml", "750 毫升")),
                    (COLOR, Words("Dusk", "暮蓝")),
                ),
                3800,
                4,
            ),
        ),
        drawing="flask:mountains",
        palette=("#3C6B76", "#E8B65C", "#D6E2DE", "#B8573F", "#4A4F66"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-202",
        brand="last-tram",
        category="outdoors",
        title=Words("Two-Tone Umbrella", "双色长柄伞"),
        description=Words(
            "Ten ribs, a crook of real wood, and colors you can find in a full "
            "umbrella stand. Tested on a bridge in March.",
            "十骨伞面，真木弯柄，满桶伞里一眼认出。三月在大桥上试过风。",
        ),
        tags=("umbrella", "rain", "雨伞"),
        variants=(
            DemoVariant("LT-202-SUN", ((COLOR, Words("Sun and navy", "日光藏青")),), 3600, 25),
            DemoVariant("LT-202-CORAL", ((COLOR, Words("Coral and navy", "珊瑚藏青")),), 3600, 16),
            DemoVariant("LT-202-MINT", ((COLOR, Words("Mint and navy", "薄荷藏青")),), 3600, 12),
        ),
        drawing="umbrella:plain",
        palette=("#E2B540", "#2E3A5C", "#B8CCDE", "#C8574A", "#4F8A7A"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-203",
        brand="last-tram",
        category="outdoors",
        title=Words("Glow Lantern", "萤火营灯"),
        description=Words(
            "Warm light for a tent, a balcony, or the night the power fails. Charges "
            "by cable and runs for thirty hours on low.",
            "帐篷里、阳台上、停电的晚上，都是暖光。充电式，低档能亮三十小时。",
        ),
        tags=("lantern", "camping", "light", "营灯", "露营"),
        variants=(
            DemoVariant("LT-203-RUST", ((COLOR, Words("Rust", "赭红")),), 5800, 15),
            DemoVariant("LT-203-PINE", ((COLOR, Words("Pine", "松绿")),), 5800, 9),
        ),
        drawing="lantern:plain",
        palette=("#B8583A", "#EDDCBA", "#647789", "#4A6A5A"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-204",
        brand="last-tram",
        category="outdoors",
        title=Words("Enamel Camp Mug", "山野搪瓷杯"),
        description=Words(
            "Light, loud and hard to break. It may chip one day; that is called a story.",
            "轻、响、摔不坏。哪天磕掉一块瓷，那叫故事。",
        ),
        tags=("mug", "enamel", "camping", "搪瓷杯"),
        variants=(
            DemoVariant("LT-204-WHITE", ((COLOR, Words("White", "白")),), 1500, 58),
            DemoVariant("LT-204-CREAM", ((COLOR, Words("Cream", "米黄")),), 1500, 36),
        ),
        drawing="enamel:mountains",
        palette=("#F4F1EA", "#2F6066", "#F1D8B8", "#F0DDB4"),
        photos=3,
    ),
)
