"""Clothing and stationery of the last tram."""

from storage.demo.goods import DemoProduct, DemoVariant, Words

COLOR = Words("Color", "颜色")
SIZE = Words("Size", "尺寸")
PAGES = Words("Pages", "内页")
FINISH = Words("Finish", "配色")

WEAR: tuple[DemoProduct, ...] = (
    DemoProduct(
        sku="LT-301",
        brand="last-tram",
        category="wear",
        title=Words("Conductor's Cap", "列车员棒球帽"),
        description=Words(
            "Six panels, a soft brim, and a small tram that looks after you. One "
            "size, brass buckle at the back.",
            "六片帽身，软帽檐，绣一辆小电车。均码，后面黄铜扣可调。",
        ),
        tags=("cap", "hat", "帽子", "棒球帽"),
        variants=(
            DemoVariant("LT-301-PINE", ((COLOR, Words("Pine", "松绿")),), 2800, 30),
            DemoVariant("LT-301-INK", ((COLOR, Words("Ink", "墨蓝")),), 2800, 19),
            DemoVariant("LT-301-BRICK", ((COLOR, Words("Brick", "砖红")),), 2800, 10),
        ),
        drawing="cap:plain",
        palette=("#3F5F5C", "#E2A45C", "#DCE3D6", "#35405C", "#A8523C"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-302",
        brand="last-tram",
        category="wear",
        title=Words("Night Tram Tee", "夜车 T 恤"),
        description=Words(
            "Thick combed cotton that keeps its collar after fifty washes. The print "
            "is water-based and will not crack.",
            "精梳厚棉，洗五十次领口也不变形。水性印花，不开裂。",
        ),
        tags=("t-shirt", "cotton", "T恤", "短袖"),
        variants=(
            DemoVariant(
                "LT-302-NAT-S",
                (
                    (COLOR, Words("Natural", "本白")),
                    (SIZE, Words("S", "小号")),
                ),
                3000,
                18,
            ),
            DemoVariant(
                "LT-302-NAT-M",
                (
                    (COLOR, Words("Natural", "本白")),
                    (SIZE, Words("M", "中号")),
                ),
                3000,
                27,
            ),
            DemoVariant(
                "LT-302-NAT-L",
                (
                    (COLOR, Words("Natural", "本白")),
                    (SIZE, Words("L", "大号")),
                ),
                3000,
                24,
            ),
            DemoVariant(
                "LT-302-NAT-XL",
                (
                    (COLOR, Words("Natural", "本白")),
                    (SIZE, Words("XL", "加大号")),
                ),
                3000,
                6,
            ),
            DemoVariant(
                "LT-302-SAGE-M",
                (
                    (COLOR, Words("Sage", "鼠尾草")),
                    (SIZE, Words("M", "中号")),
                ),
                3000,
                12,
            ),
            DemoVariant(
                "LT-302-SAGE-L",
                (
                    (COLOR, Words("Sage", "鼠尾草")),
                    (SIZE, Words("L", "大号")),
                ),
                3000,
                2,
            ),
        ),
        drawing="tee:tram",
        palette=("#F1EADC", "#2E3A5C", "#DBAE86", "#A9B59A"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-303",
        brand="last-tram",
        category="wear",
        title=Words("Platform Socks", "站台袜"),
        description=Words(
            "Thick where you stand, thin where your shoe is tight. Two colors in "
            "each pair, so losing one is no tragedy.",
            "站得久的地方厚，鞋紧的地方薄。一双两色，丢一只也不伤心。",
        ),
        tags=("socks", "cotton", "袜子"),
        variants=(
            DemoVariant("LT-303-36", ((SIZE, Words("36\u201339", "36–39 码")),), 1200, 64),
            DemoVariant("LT-303-40", ((SIZE, Words("40\u201343", "40–43 码")),), 1200, 71),
            DemoVariant("LT-303-44", ((SIZE, Words("44\u201346", "44–46 码")),), 1200, 13),
        ),
        drawing="socks:stripes",
        palette=("#3E6C8E", "#EABB4E", "#F1DCC2", "#CB6048"),
        photos=2,
    ),
    DemoProduct(
        sku="LT-304",
        brand="last-tram",
        category="wear",
        title=Words("Ribbed Beanie", "罗纹毛线帽"),
        description=Words(
            "Merino, double cuff, a pompom that unbuttons for serious meetings. Warm "
            "without the itch.",
            "美利奴羊毛，双层翻边，毛球可拆，开正经会时取下来。暖而不扎。",
        ),
        tags=("beanie", "wool", "winter", "毛线帽", "冬天"),
        variants=(
            DemoVariant("LT-304-EMBER", ((COLOR, Words("Ember", "炭火红")),), 2400, 41),
            DemoVariant("LT-304-FJORD", ((COLOR, Words("Fjord", "峡湾蓝")),), 2400, 26),
            DemoVariant("LT-304-MOSS", ((COLOR, Words("Moss", "苔绿")),), 2400, 15),
        ),
        drawing="beanie:plain",
        palette=("#CB6048", "#F1E3CA", "#C6D6DE", "#4C6A86", "#7F8F66"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-401",
        brand="last-tram",
        category="desk",
        title=Words("Map Notebook", "地图笔记本"),
        description=Words(
            "Lies flat, takes fountain pens, and fits a coat pocket. 176 numbered "
            "pages and an index you will actually use.",
            "能摊平、不洇墨、放得进大衣口袋。一百七十六页带页码，目录真的用得上。",
        ),
        tags=("notebook", "stationery", "笔记本"),
        variants=(
            DemoVariant(
                "LT-401-TEAL-DOT",
                (
                    (COLOR, Words("Teal", "湖青")),
                    (PAGES, Words("Dotted", "点格")),
                ),
                1650,
                45,
            ),
            DemoVariant(
                "LT-401-TEAL-LINE",
                (
                    (COLOR, Words("Teal", "湖青")),
                    (PAGES, Words("Lined", "横线")),
                ),
                1650,
                39,
            ),
            DemoVariant(
                "LT-401-RUST-DOT",
                (
                    (COLOR, Words("Rust", "赭红")),
                    (PAGES, Words("Dotted", "点格")),
                ),
                1650,
                22,
            ),
            DemoVariant(
                "LT-401-RUST-LINE",
                (
                    (COLOR, Words("Rust", "赭红")),
                    (PAGES, Words("Lined", "横线")),
                ),
                1650,
                14,
            ),
            DemoVariant(
                "LT-401-NAVY-DOT",
                (
                    (COLOR, Words("Navy", "藏青")),
                    (PAGES, Words("Dotted", "点格")),
                ),
                1650,
                19,
            ),
            DemoVariant(
                "LT-401-NAVY-LINE",
                (
                    (COLOR, Words("Navy", "藏青")),
                    (PAGES, Words("Lined", "横线")),
                ),
                1650,
                3,
            ),
        ),
        drawing="notebook:contour",
        palette=("#2F6064", "#E2AA62", "#DBD0BA", "#B4573F", "#35405C"),
        photos=3,
    ),
    DemoProduct(
        sku="LT-402",
        brand="last-tram",
        category="desk",
        title=Words("Brass Pocket Pen", "黄铜口袋钢笔"),
        description=Words(
            "Short in the pocket, full length with the cap on the back. Bare brass "
            "darkens where you hold it; lacquer does not.",
            "揣兜里短，套上笔帽就是正常长度。裸黄铜会养出手感，漆面则一直如新。",
        ),
        tags=("pen", "brass", "fountain", "钢笔"),
        variants=(
            DemoVariant("LT-402-BRASS", ((FINISH, Words("Bare brass", "裸黄铜")),), 4400, 17),
            DemoVariant("LT-402-NAVY", ((FINISH, Words("Navy lacquer", "藏青漆")),), 4800, 5),
        ),
        drawing="pen:plain",
        palette=("#CAA058", "#3A3A44", "#E6D2C2", "#2E4A60"),
        photos=2,
    ),
    DemoProduct(
        sku="LT-403",
        brand="last-tram",
        category="desk",
        title=Words("Timetable Planner", "时刻表周计划"),
        description=Words(
            "A week to an opening, ruled like a departure board. Undated, so an idle "
            "month costs no paper.",
            "一周一开，排版像车站时刻牌。不印日期，偷懒一个月也不浪费纸。",
        ),
        tags=("planner", "stationery", "计划本", "手帐"),
        variants=(
            DemoVariant("LT-403-MUSTARD", ((COLOR, Words("Mustard", "芥黄")),), 1900, 28),
            DemoVariant("LT-403-SAGE", ((COLOR, Words("Sage", "鼠尾草")),), 1900, 16),
        ),
        drawing="notebook:tram",
        palette=("#D9A24C", "#2E3A5C", "#B9D2D6", "#8FA58C"),
        photos=3,
    ),
)
