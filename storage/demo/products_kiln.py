"""Home and table goods of the ceramics studio."""

from storage.demo.goods import DemoProduct, DemoVariant, Words

COLOR = Words("Color", "颜色")
SCENT = Words("Scent", "香味")
SIZE = Words("Size", "尺寸")
DIAMETER = Words("Diameter", "直径")

KILN: tuple[DemoProduct, ...] = (
    DemoProduct(
        sku="SK-101",
        brand="slow-kiln",
        category="living",
        title=Words("Dusk Lamp", "暮色台灯"),
        description=Words(
            "A pleated shade over a turned wooden foot. It gives the light of six in "
            "the evening, at any hour you like.",
            "褶裥灯罩配车旋木座。几点开都行，光总像傍晚六点。",
        ),
        tags=("lamp", "light", "bedside", "台灯", "灯"),
        variants=(
            DemoVariant("SK-101-OAT", ((COLOR, Words("Oat", "燕麦")),), 8900, 13),
            DemoVariant("SK-101-CLAY", ((COLOR, Words("Clay", "陶土")),), 8900, 9),
            DemoVariant("SK-101-SAGE", ((COLOR, Words("Sage", "鼠尾草")),), 8900, 4),
        ),
        drawing="lamp:pinstripes",
        palette=("#F0E2CA", "#8C5A38", "#AFC3C2", "#D9927A", "#A9B89A"),
        photos=3,
    ),
    DemoProduct(
        sku="SK-102",
        brand="slow-kiln",
        category="living",
        title=Words("Rain on Cedar Candle", "雨后雪松香薰"),
        description=Words(
            "Soy wax in a cup we throw ourselves. Burns about 45 hours; afterwards "
            "it is a very good pencil cup.",
            "大豆蜡，手拉坯小杯盛着，可燃约四十五小时。烧完洗净，是个好看的笔筒。",
        ),
        tags=("candle", "scent", "soy", "香薰", "蜡烛"),
        variants=(
            DemoVariant("SK-102-CEDAR", ((SCENT, Words("Cedar", "雪松")),), 2200, 38),
            DemoVariant("SK-102-FIG", ((SCENT, Words("Fig", "无花果")),), 2200, 25),
            DemoVariant("SK-102-NONE", ((SCENT, Words("Unscented", "无香")),), 2000, 16),
        ),
        drawing="candle:speckle",
        palette=("#DDD3C4", "#75655A", "#C2A898"),
        photos=3,
    ),
    DemoProduct(
        sku="SK-103",
        brand="slow-kiln",
        category="living",
        title=Words("Terrace Linen Cushion", "梯田亚麻抱枕"),
        description=Words(
            "Washed linen with stripes like fields on a hill. The cover comes off; "
            "the filling is recycled.",
            "水洗亚麻，条纹像山上的梯田。枕套可拆洗，填充用再生棉。",
        ),
        tags=("cushion", "linen", "抱枕", "亚麻"),
        variants=(
            DemoVariant(
                "SK-103-45-CLAY",
                (
                    (SIZE, Words("45 cm", "45 厘米")),
                    (COLOR, Words("Clay", "陶土")),
                ),
                3400,
                22,
            ),
            DemoVariant(
                "SK-103-45-SAGE",
                (
                    (SIZE, Words("45 cm", "45 厘米")),
                    (COLOR, Words("Sage", "鼠尾草")),
                ),
                3400,
                19,
            ),
            DemoVariant(
                "SK-103-45-INDIGO",
                (
                    (SIZE, Words("45 cm", "45 厘米")),
                    (COLOR, Words("Indigo", "靛蓝")),
                ),
                3400,
                15,
            ),
            DemoVariant(
                "SK-103-60-CLAY",
                (
                    (SIZE, Words("60 cm", "60 厘米")),
                    (COLOR, Words("Clay", "陶土")),
                ),
                4600,
                8,
            ),
            DemoVariant(
                "SK-103-60-SAGE",
                (
                    (SIZE, Words("60 cm", "60 厘米")),
                    (COLOR, Words("Sage", "鼠尾草")),
                ),
                4600,
                2,
            ),
            DemoVariant(
                "SK-103-60-INDIGO",
                (
                    (SIZE, Words("60 cm", "60 厘米")),
                    (COLOR, Words("Indigo", "靛蓝")),
                ),
                4600,
                0,
            ),
        ),
        drawing="cushion:stripes",
        palette=("#C9735A", "#F4E6D4", "#E9DCC6", "#7F957C", "#4B6286"),
        photos=3,
    ),
    DemoProduct(
        sku="SK-104",
        brand="slow-kiln",
        category="living",
        title=Words("Sheepfold Wool Throw", "羊栏羊毛毯"),
        description=Words(
            "Undyed warp, plant-dyed weft, woven in a village with more sheep than "
            "people. Big enough for two on a sofa.",
            "本色经线、草木染纬线，织自一个羊比人多的村子。沙发上盖两个人刚好。",
        ),
        tags=("blanket", "wool", "throw", "毯子", "羊毛"),
        variants=(
            DemoVariant("SK-104-SAGE", ((COLOR, Words("Sage", "鼠尾草")),), 9600, 10),
            DemoVariant("SK-104-BRICK", ((COLOR, Words("Brick", "砖红")),), 9600, 7),
            DemoVariant("SK-104-DUSK", ((COLOR, Words("Dusk", "暮蓝")),), 9600, 6),
        ),
        drawing="blanket:plain",
        palette=("#7C917A", "#F0E4CE", "#DFE2CC", "#B9573F", "#5A6A86"),
        photos=3,
    ),
    DemoProduct(
        sku="SK-105",
        brand="slow-kiln",
        category="living",
        title=Words("One-Branch Vase", "一枝瓶"),
        description=Words(
            "The neck is narrow on purpose: one branch is enough. Speckled "
            "stoneware, glazed inside so it never leaks.",
            "瓶口故意做得窄，一枝就够。麻点粗陶，内壁上釉不渗水。",
        ),
        tags=("vase", "stoneware", "花瓶"),
        variants=(
            DemoVariant("SK-105-S", ((SIZE, Words("Small", "小")),), 2800, 24),
            DemoVariant("SK-105-L", ((SIZE, Words("Large", "大")),), 4400, 9),
        ),
        drawing="vase:speckle",
        palette=("#EBE1D1", "#9C7E60", "#E2BFB0", "#DB858A"),
        photos=3,
    ),
    DemoProduct(
        sku="SK-106",
        brand="slow-kiln",
        category="living",
        title=Words("Dipped Planter", "蘸釉花盆"),
        description=Words(
            "Terracotta, dipped once in milk-white glaze and left alone. The lower "
            "half breathes, the roots like that.",
            "赤陶身，只蘸一次奶白釉就停手。下半截透气，根喜欢。",
        ),
        tags=("planter", "terracotta", "花盆"),
        variants=(
            DemoVariant("SK-106-12", ((DIAMETER, Words("12 cm", "12 厘米")),), 1900, 26),
            DemoVariant("SK-106-18", ((DIAMETER, Words("18 cm", "18 厘米")),), 2900, 18),
            DemoVariant("SK-106-24", ((DIAMETER, Words("24 cm", "24 厘米")),), 4500, 5),
        ),
        drawing="planter:dip",
        palette=("#D69E80", "#F4EADA", "#C4DDD0"),
        photos=2,
    ),
    DemoProduct(
        sku="SK-201",
        brand="slow-kiln",
        category="tableware",
        title=Words("Morning Mug", "早安马克杯"),
        description=Words(
            "A wide handle for sleepy fingers and a glaze that runs a little "
            "differently every time. Dishwasher safe, dropped-once safe, not twice.",
            "宽柄好握，手还没醒也端得稳。每只釉流得都不一样，可进洗碗机。",
        ),
        tags=("mug", "coffee", "马克杯", "咖啡"),
        variants=(
            DemoVariant("SK-201-LAKE", ((COLOR, Words("Lake", "湖蓝")),), 1800, 52),
            DemoVariant("SK-201-SAND", ((COLOR, Words("Sand", "沙色")),), 1800, 34),
            DemoVariant("SK-201-PLUM", ((COLOR, Words("Plum", "淡紫")),), 1800, 21),
        ),
        drawing="mug:dip",
        palette=("#EEE5D7", "#4C7F90", "#D2E0E0", "#CFA06A", "#9A7C9C"),
        photos=3,
    ),
    DemoProduct(
        sku="SK-202",
        brand="slow-kiln",
        category="tableware",
        title=Words("Deep Noodle Bowl", "大海碗"),
        description=Words(
            "Deep enough for broth, wide enough for everything on top, with a pair "
            "of chopsticks. The waves are painted freehand.",
            "够深装得下汤，够宽放得下料，附筷子一双。海浪纹全是手画的。",
        ),
        tags=("bowl", "noodles", "ramen", "面碗"),
        variants=(
            DemoVariant("SK-202-BLUE", ((COLOR, Words("White", "月白")),), 2400, 29),
            DemoVariant("SK-202-PEACH", ((COLOR, Words("Peach", "杏色")),), 2400, 18),
            DemoVariant("SK-202-MINT", ((COLOR, Words("Mint", "薄荷")),), 2400, 14),
        ),
        drawing="bowl:waves",
        palette=("#E8EFF2", "#33588C", "#EED9B4", "#F4E3D2", "#DCE6D6"),
        photos=3,
    ),
    DemoProduct(
        sku="SK-203",
        brand="slow-kiln",
        category="tableware",
        title=Words("Ripple Dinner Plate", "涟漪餐盘"),
        description=Words(
            "Rings like a stone dropped into a pond. Stacks without scratching, goes "
            "from oven to table.",
            "一圈圈像石子落进池塘。叠放不刮花，可从烤箱直接上桌。",
        ),
        tags=("plate", "dinner", "餐盘", "盘子"),
        variants=(
            DemoVariant("SK-203-22", ((DIAMETER, Words("22 cm", "22 厘米")),), 1600, 40),
            DemoVariant("SK-203-27", ((DIAMETER, Words("27 cm", "27 厘米")),), 2100, 27),
        ),
        drawing="plate:rings",
        palette=("#F3EBDC", "#5F87A0", "#C9A98C"),
        photos=3,
    ),
    DemoProduct(
        sku="SK-204",
        brand="slow-kiln",
        category="tableware",
        title=Words("Four Seasons Little Plates", "四时小碟"),
        description=Words(
            "One plate a season: plum, leaf, clay and frost. For cake, for pickles, "
            "for keys by the door.",
            "四只小碟四种底色，春夏秋冬各一。盛点心、盛小菜、放门口的钥匙都行。",
        ),
        tags=("plates", "set", "gift", "小碟", "礼物"),
        variants=(DemoVariant("SK-204", (), 3800, 16),),
        drawing="plates:blossom",
        palette=("#F5EDDE", "#C4694F", "#A5B8A6", "#DCE6D4", "#EFCFB6", "#CBD8E2"),
        photos=2,
    ),
    DemoProduct(
        sku="SK-205",
        brand="slow-kiln",
        category="tableware",
        title=Words("Green Leaf Jug", "青叶水壶"),
        description=Words(
            "Holds one liter of water, lemonade or peonies. The spout does not drip; "
            "we tried eleven until it did not.",
            "能装一升水、一升柠檬水，或一把芍药。壶嘴不滴水，试了十一版才做成。",
        ),
        tags=("jug", "water", "ceramic", "水壶"),
        variants=(
            DemoVariant("SK-205-CREAM", ((COLOR, Words("Cream", "奶油")),), 4200, 12),
            DemoVariant("SK-205-BLUSH", ((COLOR, Words("Blush", "浅粉")),), 4200, 8),
        ),
        drawing="jug:leaves",
        palette=("#F2EADC", "#5A8060", "#F0D3B2", "#EBC5B4"),
        photos=3,
    ),
    DemoProduct(
        sku="SK-206",
        brand="slow-kiln",
        category="tableware",
        title=Words("Three Pairs, Three Woods", "三木三双筷"),
        description=Words(
            "Walnut, ebony-stained maple and bamboo, each with a ceramic rest. "
            "Everyone at home will have a favorite within a week.",
            "胡桃木、染黑枫木、竹，各配一枚陶筷架。不出一周，家里人人有专属。",
        ),
        tags=("chopsticks", "wood", "筷子"),
        variants=(DemoVariant("SK-206", (), 1950, 35),),
        drawing="chopsticks:plain",
        palette=("#8A5A3A", "#C8584A", "#CFDCCB", "#3F4A58", "#BE9056"),
        photos=2,
    ),
)
