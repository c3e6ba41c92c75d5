"""The demo pictures: sizes, weight, sameness of bytes, and no two alike."""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image, ImageStat

from storage.demo.catalog import BRANDS, CATEGORIES, PRODUCTS, DemoProduct
from storage.demo.drawing import BANNERS, draw_banner, draw_product
from storage.demo.drawing.kinds import KINDS
from storage.demo.drawing.patterns import PATTERNS

LIMIT = 150_000


@pytest.fixture(scope="module")
def photos() -> dict[tuple[str, int], bytes]:
    return {
        (product.sku, index): draw_product(product, index)
        for product in PRODUCTS
        for index in range(product.photos)
    }


@pytest.fixture(scope="module")
def banners() -> dict[str, bytes]:
    return {key: draw_banner(key) for key in BANNERS}


def _opened(pictures: dict[str, bytes] | dict[tuple[str, int], bytes]) -> Iterator[Image.Image]:
    for data in pictures.values():
        with Image.open(BytesIO(data)) as image:
            yield image


def test_every_photo_is_a_square_jpeg_within_its_weight(
    photos: dict[tuple[str, int], bytes],
) -> None:
    shapes = {(image.format, image.mode, image.size) for image in _opened(photos)}
    assert shapes == {("JPEG", "RGB", (1024, 1024))}
    assert max(map(len, photos.values())) <= LIMIT


def test_every_banner_is_a_wide_jpeg_within_its_weight(banners: dict[str, bytes]) -> None:
    shapes = {(image.format, image.mode, image.size) for image in _opened(banners)}
    assert shapes == {("JPEG", "RGB", (1280, 720))}
    assert max(map(len, banners.values())) <= LIMIT


def test_no_two_pictures_are_alike(
    photos: dict[tuple[str, int], bytes], banners: dict[str, bytes]
) -> None:
    prints = {sha256(data).digest() for data in (*photos.values(), *banners.values())}
    assert len(prints) == len(photos) + len(banners)


def test_no_two_first_photos_look_alike(photos: dict[tuple[str, int], bytes]) -> None:
    thumbs = {}
    for product in PRODUCTS:
        with Image.open(BytesIO(photos[product.sku, 0])) as image:
            thumbs[product.sku] = image.resize((8, 8), Image.Resampling.BOX).tobytes()
    for one, pixels in thumbs.items():
        for other, others in thumbs.items():
            if one < other:
                apart = sum(abs(a - b) for a, b in zip(pixels, others, strict=True)) / len(pixels)
                assert apart > 4, (one, other)


def test_no_picture_is_empty_or_flat(photos: dict[tuple[str, int], bytes]) -> None:
    for image in _opened(photos):
        assert min(ImageStat.Stat(image).stddev) > 8


@pytest.mark.parametrize("product", PRODUCTS[::9], ids=lambda product: product.sku)
def test_photo_is_the_same_bytes_when_drawn_again(
    product: DemoProduct, photos: dict[tuple[str, int], bytes]
) -> None:
    for index in range(product.photos):
        assert draw_product(product, index) == photos[product.sku, index]


def test_banner_is_the_same_bytes_when_drawn_again(banners: dict[str, bytes]) -> None:
    assert draw_banner("home") == banners["home"]
    assert draw_banner("desk") == banners["desk"]


def test_banners_cover_home_brands_categories_and_screens() -> None:
    keys = {brand.key for brand in BRANDS} | {category.key for category in CATEGORIES}
    screens = {
        "home", "deals", "groups", "orders", "saved", "search", "settings", "help", "generic",
    }  # fmt: skip
    assert set(BANNERS) == keys | screens
    assert len(BANNERS) == len(set(BANNERS))


def test_drawings_name_known_kinds_and_patterns_and_many_of_them() -> None:
    names = [product.drawing.split(":") for product in PRODUCTS]
    assert {kind for kind, _ in names} <= set(KINDS)
    assert {pattern for _, pattern in names} <= {"plain", *PATTERNS}
    assert len({kind for kind, _ in names}) >= 20


def test_photo_outside_the_product_is_refused() -> None:
    product = PRODUCTS[0]
    for index in (-1, product.photos):
        with pytest.raises(IndexError):
            draw_product(product, index)


def test_banner_for_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError):
        draw_banner("nowhere")
