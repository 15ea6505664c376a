import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from skimage.data import chelsea

from aibook_sphinx.rasters import compress, extract


def png(array):
    file = io.BytesIO()
    Image.fromarray(array).save(file, "png")
    return file.getvalue()


def pixels(data):
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "WEBP"
        return np.asarray(picture.convert("RGBA"))


@pytest.fixture
def grid():
    array = np.zeros((12, 20, 4), np.uint8)
    array[..., 0] = np.arange(20) * 12
    array[3:, :, 3] = 255  # three rows are transparent
    array[:3] = 0
    return array


def test_a_grid_keeps_every_pixel(grid):
    assert np.array_equal(pixels(compress(png(grid))), grid)


def test_a_photograph_keeps_what_an_eye_sees():
    photo = chelsea()[:240, :320]
    made = compress(png(photo))
    gap = np.abs(pixels(made)[..., :3].astype(int) - photo)
    assert gap.mean() < 3
    assert len(made) < len(png(photo)) / 4


def test_pictures_become_files_that_the_page_names(grid, tmp_path):
    text = base64.b64encode(png(grid)).decode()
    image = f'<image width="20" xlink:href="data:image/png;base64,{text}"/>'
    page = extract(f"<svg>{image}{image}</svg><p>a</p>", tmp_path, "../i")
    (file,) = tmp_path.iterdir()
    assert re.fullmatch(r"[0-9a-f]{16}\.webp", file.name)
    assert page.count(f'xlink:href="../i/{file.name}"') == 2
    assert "base64" not in page
    assert page.endswith("<p>a</p>")
    assert np.array_equal(pixels(file.read_bytes()), grid)


def test_a_page_without_pictures_stays(tmp_path):
    page = '<p>a</p><image href="../i/b.png"/>'
    assert extract(page, tmp_path, "../i") == page
    assert not any(tmp_path.iterdir())
