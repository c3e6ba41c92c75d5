"""The three brands of the demo shop and its eight categories."""

from storage.demo.goods import DemoBrand, DemoCategory, Words

BRANDS: tuple[DemoBrand, ...] = (
    DemoBrand(
        key="nine-bends",
        name=Words("Nine Bends Tea House", "九弯茶舍"),
        about=Words(
            "A tea house on the ninth bend of a mountain road. We buy from eleven families we "
            "know by name, roast in small pans, and ship within a day.",
            "茶舍开在山路的第九道弯。茶来自十一户我们叫得出名字的人家，小锅现炒，一天内发货。",
        ),
        welcome=Words(
            "Sit down, the water is nearly ready. New pickings and group prices come here first.",
            "坐，水快开了。新茶和团购价，先在这里告诉你。",
        ),
        color="#4F8062",
        emoji="🍃",
    ),
    DemoBrand(
        key="slow-kiln",
        name=Words("Slow Kiln Studio", "慢窑工作室"),
        about=Words(
            "Two potters, one weaver and a kiln that takes three days. Things for tables and "
            "quiet rooms, made a few at a time.",
            "两个做陶的，一个织布的，一座要烧三天的窑。做餐桌上和安静房间里的东西，一次不多做。",
        ),
        welcome=Words(
            "Welcome to the studio. When the kiln opens, followers see it first.",
            "欢迎来工作室。每次开窑，关注的人最先看到。",
        ),
        color="#C9785A",
        emoji="🏺",
        by_hand_note="Cash at the studio door, or FI21 1234 5600 0007 85. 现金面付或转账。",
    ),
    DemoBrand(
        key="last-tram",
        name=Words("Last Tram Goods", "末班车用品"),
        about=Words(
            "Bags and small gear for people who walk home after the last tram and climb a hill "
            "on Sunday. Repaired free, for as long as we exist.",
            "给赶末班车回家、周日还要去爬山的人做包和小物件。只要我们还在，终身免费修。",
        ),
        welcome=Words(
            "All aboard. Team prices leave on time, so bring a friend.",
            "上车啦。拼团价准点发车，记得叫上朋友。",
        ),
        color="#34486B",
        emoji="🚋",
    ),
)

CATEGORIES: tuple[DemoCategory, ...] = (
    DemoCategory("tea", Words("Tea", "茶叶"), "🍵"),
    DemoCategory("teaware", Words("Teaware", "茶具"), "🫖", parent="tea"),
    DemoCategory("living", Words("Living", "居家"), "🛋"),
    DemoCategory("tableware", Words("Tableware", "餐具"), "🍽", parent="living"),
    DemoCategory("bags", Words("Bags", "包袋"), "🎒"),
    DemoCategory("outdoors", Words("Outdoors", "户外"), "⛰"),
    DemoCategory("wear", Words("Wear", "穿戴"), "🧢", parent="outdoors"),
    DemoCategory("desk", Words("Desk", "文具"), "✏️"),
)
