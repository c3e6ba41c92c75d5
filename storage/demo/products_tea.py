"""Tea and teaware of the mountain tea house."""

from storage.demo.goods import DemoProduct, DemoVariant, Words

WEIGHT = Words("Weight", "净重")
YEAR = Words("Year", "年份")
WRAP = Words("Wrap", "包装")
CAPACITY = Words("Capacity", "容量")
COLOR = Words("Color", "颜色")
SIZE = Words("Size", "尺寸")

TEA: tuple[DemoProduct, ...] = (
    DemoProduct(
        sku="NB-101",
        brand="nine-bends",
        category="tea",
        title=Words("Ridge Mist Green Tea", "云雾绿茶"),
        description=Words(
            "Picked before the spring rains at 1,200 m and pan-fired the same night. "
            "Brews pale and sweet, with a little chestnut at the end.",
            "清明前采于海拔一千二百米，当夜手工炒青。汤色清亮，入口清甜，尾韵带一点栗香。",
        ),
        tags=("tea", "green", "spring", "绿茶", "春茶"),
        variants=(
            DemoVariant("NB-101-50", ((WEIGHT, Words("50 g", "50 克")),), 1280, 60),
            DemoVariant("NB-101-100", ((WEIGHT, Words("100 g", "100 克")),), 2250, 42),
            DemoVariant("NB-101-250", ((WEIGHT, Words("250 g", "250 克")),), 4800, 9),
        ),
        drawing="tin:mountains",
        palette=("#5E8F6C", "#3C6B50", "#CBE0CB"),
        photos=3,
    ),
    DemoProduct(
        sku="NB-102",
        brand="nine-bends",
        category="tea",
        title=Words("Amber Road Black Tea", "琥珀路红茶"),
        description=Words(
            "Small golden-tipped leaves, rolled slowly so they stay sweet. Good with "
            "milk, better without.",
            "金毫细芽，慢揉慢发酵，蜜糖香足。加奶好喝，清饮更好。",
        ),
        tags=("tea", "black", "breakfast", "红茶"),
        variants=(
            DemoVariant("NB-102-75", ((WEIGHT, Words("75 g", "75 克")),), 1390, 55),
            DemoVariant("NB-102-150", ((WEIGHT, Words("150 g", "150 克")),), 2490, 31),
        ),
        drawing="tin:leaves",
        palette=("#B4533A", "#8C3C2A", "#F0CDB0"),
        photos=3,
    ),
    DemoProduct(
        sku="NB-103",
        brand="nine-bends",
        category="tea",
        title=Words("Old Tree Pu-erh Cake", "古树普洱茶饼"),
        description=Words(
            "Leaves from trees older than our grandparents, pressed under stone and "
            "wrapped by hand. Drink it now or forget it in a cupboard for ten years.",
            "老树原料，石磨压饼，手工包纸。现在喝醇厚，放柜子里忘上十年更好。",
        ),
        tags=("tea", "pu-erh", "aged", "普洱", "茶饼"),
        variants=(
            DemoVariant(
                "NB-103-19-100",
                (
                    (YEAR, Words("2019", "2019")),
                    (WEIGHT, Words("100 g", "100 克")),
                ),
                2100,
                24,
            ),
            DemoVariant(
                "NB-103-19-357",
                (
                    (YEAR, Words("2019", "2019")),
                    (WEIGHT, Words("357 g", "357 克")),
                ),
                6800,
                3,
            ),
            DemoVariant(
                "NB-103-22-100",
                (
                    (YEAR, Words("2022", "2022")),
                    (WEIGHT, Words("100 g", "100 克")),
                ),
                1600,
                40,
            ),
            DemoVariant(
                "NB-103-22-357",
                (
                    (YEAR, Words("2022", "2022")),
                    (WEIGHT, Words("357 g", "357 克")),
                ),
                5200,
                18,
            ),
        ),
        drawing="teacake:mountains",
        palette=("#E8D9B8", "#8A4A2C", "#DDC39A"),
        photos=3,
    ),
    DemoProduct(
        sku="NB-104",
        brand="nine-bends",
        category="tea",
        title=Words("Moonlight White Tea", "月光白茶"),
        description=Words(
            "Withered at night in open sheds, hardly touched by anyone. Soft as warm "
            "milk; it forgives water that is too hot.",
            "夜里摊晾自然萎凋，几乎不动手。滋味柔得像温牛奶，水烫一点也不怕。",
        ),
        tags=("tea", "white", "gentle", "白茶"),
        variants=(
            DemoVariant("NB-104-40", ((WEIGHT, Words("40 g", "40 克")),), 1150, 48),
            DemoVariant("NB-104-80", ((WEIGHT, Words("80 g", "80 克")),), 2090, 26),
        ),
        drawing="pouch:moon",
        palette=("#CDBBA0", "#44558A", "#BFCBE6"),
        photos=3,
    ),
    DemoProduct(
        sku="NB-105",
        brand="nine-bends",
        category="tea",
        title=Words("Honey Orchid Oolong", "蜜兰香乌龙"),
        description=Words(
            "Half-way between green and black, roasted twice over charcoal. Smells "
            "of orchids first and honey later.",
            "半发酵，炭火两焙。头泡是兰花，三泡之后是蜜。",
        ),
        tags=("tea", "oolong", "roasted", "乌龙"),
        variants=(
            DemoVariant("NB-105-50", ((WEIGHT, Words("50 g", "50 克")),), 1350, 37),
            DemoVariant("NB-105-100", ((WEIGHT, Words("100 g", "100 克")),), 2400, 22),
        ),
        drawing="pouch:blossom",
        palette=("#7F8F66", "#C9704F", "#EBDCAE"),
        photos=3,
    ),
    DemoProduct(
        sku="NB-106",
        brand="nine-bends",
        category="tea",
        title=Words("Six Small Tins, a Sampler", "六味小罐茶礼"),
        description=Words(
            "All six of our teas, four cups of each, in a box that is hard to throw "
            "away. A card inside says how long to steep.",
            "六款茶各四泡，一盒喝遍九弯。盒子好看到舍不得扔，附冲泡小卡。",
        ),
        tags=("tea", "gift", "sampler", "礼盒", "送礼"),
        variants=(
            DemoVariant("NB-106-BOX", ((WRAP, Words("Plain", "简装")),), 3600, 28),
            DemoVariant(
                "NB-106-RIBBON", ((WRAP, Words("Cloth and ribbon", "布包加丝带")),), 3900, 12
            ),
        ),
        drawing="giftbox:waves",
        palette=(
            "#2F4D5C",
            "#D8B070",
            "#E9D5B5",
            "#6E9A6A",
            "#B8543E",
            "#D9A441",
            "#7A5A8A",
            "#4A7A9A",
            "#C9B8A0",
        ),
        photos=2,
    ),
    DemoProduct(
        sku="NB-201",
        brand="nine-bends",
        category="teaware",
        title=Words("Full Moon Clay Teapot", "满月陶壶"),
        description=Words(
            "One potter, one wheel, no glaze. The clay remembers the tea, so give it "
            "one kind and it will pay you back.",
            "一位师傅一台转盘，不上釉。陶土会记住茶味，专壶专用，越养越润。",
        ),
        tags=("teapot", "clay", "handmade", "茶壶", "紫砂"),
        variants=(
            DemoVariant(
                "NB-201-180-RED",
                (
                    (CAPACITY, Words("180 ml", "180 毫升")),
                    (COLOR, Words("Red clay", "红泥")),
                ),
                4600,
                14,
            ),
            DemoVariant(
                "NB-201-180-PINE",
                (
                    (CAPACITY, Words("180 ml", "180 毫升")),
                    (COLOR, Words("Pine", "松绿")),
                ),
                4600,
                8,
            ),
            DemoVariant(
                "NB-201-260-RED",
                (
                    (CAPACITY, Words("260 ml", "260 毫升")),
                    (COLOR, Words("Red clay", "红泥")),
                ),
                5400,
                6,
            ),
            DemoVariant(
                "NB-201-260-INK",
                (
                    (CAPACITY, Words("260 ml", "260 毫升")),
                    (COLOR, Words("Ink", "墨青")),
                ),
                5400,
                0,
            ),
        ),
        drawing="teapot:plain",
        palette=("#94503A", "#3A2A26", "#EBC9AC", "#4F6F62", "#4A4F5C"),
        photos=3,
    ),
    DemoProduct(
        sku="NB-202",
        brand="nine-bends",
        category="teaware",
        title=Words("Plum Celadon Gaiwan", "梅花青瓷盖碗"),
        description=Words(
            "A lid, a bowl, a saucer: the whole tea table in one hand. The rim "
            "flares so your fingers stay cool.",
            "盖、碗、托，一手就是一张茶桌。撇口设计，端着不烫手。",
        ),
        tags=("gaiwan", "porcelain", "celadon", "盖碗", "青瓷"),
        variants=(
            DemoVariant("NB-202-CEL", ((COLOR, Words("Celadon", "青瓷")),), 2400, 30),
            DemoVariant("NB-202-SNOW", ((COLOR, Words("Snow", "雪白")),), 2400, 17),
            DemoVariant("NB-202-ROSE", ((COLOR, Words("Rose", "胭脂")),), 2400, 5),
        ),
        drawing="gaiwan:blossom",
        palette=("#BFD9CD", "#3F7F78", "#E3D8EA", "#F1EEE6", "#E3B9B4"),
        photos=3,
    ),
    DemoProduct(
        sku="NB-203",
        brand="nine-bends",
        category="teaware",
        title=Words("Pair of Tasting Cups", "品茗对杯"),
        description=Words(
            "Two cups that never match exactly, because a brush did the glaze. Each "
            "holds three good sips.",
            "釉是手刷的，两只永远不会一模一样。一杯三口，刚刚好。",
        ),
        tags=("cups", "pair", "handmade", "茶杯"),
        variants=(DemoVariant("NB-203", (), 1650, 44),),
        drawing="cups:dip",
        palette=("#EFE6D8", "#4F7A96", "#C3D6DE", "#D8A27C"),
        photos=3,
    ),
    DemoProduct(
        sku="NB-204",
        brand="nine-bends",
        category="teaware",
        title=Words("Clear Sharing Pitcher", "玻璃公道杯"),
        description=Words(
            "Everyone gets the same cup of tea, and everyone sees its color. Thin, "
            "light, and tougher than it looks.",
            "茶汤均匀，人人一样浓。薄而轻，比看上去结实，汤色一目了然。",
        ),
        tags=("pitcher", "glass", "公道杯", "玻璃"),
        variants=(
            DemoVariant("NB-204-300", ((CAPACITY, Words("300 ml", "300 毫升")),), 1590, 33),
            DemoVariant("NB-204-400", ((CAPACITY, Words("400 ml", "400 毫升")),), 1890, 21),
        ),
        drawing="pitcher:plain",
        palette=("#D98430", "#5A3A22", "#D5E2DC"),
        photos=2,
    ),
    DemoProduct(
        sku="NB-205",
        brand="nine-bends",
        category="teaware",
        title=Words("Bamboo Tea Tray", "竹制茶盘"),
        description=Words(
            "Pour, rinse, spill: the water goes between the slats and into the "
            "drawer below. Mountain bamboo, five years grown.",
            "淋壶、温杯、洒了都不怕，水顺着竹缝流进下层抽屉。五年生高山竹。",
        ),
        tags=("tray", "bamboo", "茶盘", "竹"),
        variants=(
            DemoVariant("NB-205-M", ((SIZE, Words("Medium", "中")),), 3200, 15),
            DemoVariant("NB-205-L", ((SIZE, Words("Large", "大")),), 4200, 7),
        ),
        drawing="tray:plain",
        palette=("#C2935A", "#5F8578", "#D3E2D2", "#EEE8DA"),
        photos=2,
    ),
    DemoProduct(
        sku="NB-206",
        brand="nine-bends",
        category="teaware",
        title=Words("Traveler's Tea Set", "行路人茶具"),
        description=Words(
            "A pot, two cups and a padded case no bigger than a lunch box. Made for "
            "trains, desks and mountain tops.",
            "一壶两杯，连包只有饭盒大小。火车上、工位上、山顶上都能泡一壶。",
        ),
        tags=("travel", "set", "gift", "旅行", "茶具"),
        variants=(
            DemoVariant("NB-206-BLUE", ((COLOR, Words("Blue dots", "蓝点")),), 3900, 20),
            DemoVariant("NB-206-RED", ((COLOR, Words("Red dots", "红点")),), 3900, 11),
        ),
        drawing="travelset:dots",
        palette=("#F2EEE4", "#46688E", "#EBCDBE", "#5B6A78"),
        photos=3,
    ),
)
