"""The table of all miniatures: complete, and every number from its own page."""

import re
from typing import NamedTuple

import pytest

from aibook_sphinx.seconds import FILE, read_measurement
from source_pages import BOOK, LANGUAGES, load, names, stored

NAME = "reference/miniatures"
COLUMNS = 7
_ROW = re.compile(r"^\|(?!:?-)(.+)\|$", re.MULTILINE)
_GLUE = re.compile(r"\{glue:text\}`/([a-z0-9/-]+)\.md::([a-z0-9-]+)[^`]*`")
# What has no weights, and what has no score.
NO_WEIGHTS = {"history-turing", "history-eliza", "data-rules-win"}
NO_SCORE = {"history-eliza"}

# The section that a module's row leads to.
ROWS = {
    "alexnet": "cnn-alexnet",
    "bert": "language-models-bert",
    "clip": "data-clip",
    "cnn": "cnn-network",
    "cyclegan_training": "cyclegan-networks",
    "dcgan": "dcgan-large",
    "denoiser": "diffusion-training",
    "fcn": "segmentation-fcn",
    "gan": "gan-watching",
    "gpt": "language-models-gpt",
    "income": "income-network",
    "int8_digits": "ondevice-network",
    "judge": "ondevice-cost",
    "latent_diffusion": "text-to-image-training",
    "lenet": "tasks-classification",
    "llama": "language-models-llama",
    "mask_rcnn": "instances-network",
    "mlp": "training-test",
    "pix2pix": "pix2pix-training",
    "resnet": "cnn-residual",
    "sam": "promptable-encoder",
    "sentiment": "sentiment-order",
    "small_digits": "ondevice-distillation",
    "speech": "speech-encoder",
    "tiny_detector": "tasks-where",
    "transformer": "transformer-training",
    "unet": "segmentation-unet",
    "video_denoiser": "text-to-image-video",
    "vit": "vision-transformer-training",
    "yolo": "detection-yolo",
}
# Modules without a row, and why.
WITHOUT = {
    "careless_sentiment": "the notes' recipe, there to show what is wrong",
    "dcgan_notes": "the notes' networks, never trained",
    "image_autoencoder": "a part of text to image",
    "logistic_regression": "a yardstick for other models",
    "mask_rcnn_results": "a part of Mask R-CNN",
    "mask_rcnn_targets": "a part of Mask R-CNN",
    "mask_rcnn_training": "a part of Mask R-CNN",
    "mean_embedding": "a yardstick for the LSTM on sentences",
    "patch_gan": "the discriminator of pix2pix",
    "sam_answers": "a part of SAM",
    "sam_decoder": "a part of SAM",
    "sam_hints": "a part of SAM",
    "sam_prompts": "a part of SAM",
    "sam_training": "a part of SAM",
    "teacher_forcing": "a part of the Transformer",
    "translation": "a part of the Transformer",
    "translation_judge": "it judges CycleGAN",
}


class Row(NamedTuple):
    """A row, its cells as they are written."""

    label: str
    cells: list[str]

    @property
    def page(self) -> str:
        """The page that its seconds are of."""
        [name] = re.findall(r"\{seconds\}`([^`]+)`", self.cells[3])
        return name


def rows(language: str) -> list[Row]:
    """Return the rows of all tables without their heads."""
    found = []
    for line in _ROW.findall(load(language, NAME).source):
        cells = [cell.strip() for cell in line.split("|")]
        if "{ref}" not in cells[0]:
            continue
        [label] = re.findall(r"\{ref\}`[^`<]+ <([a-z0-9-]+)>`", cells[0])
        found.append(Row(label, cells))
    return found


PARAMETERS = [(lang, row) for lang in LANGUAGES for row in rows(lang)]
IDS = [f"{lang}-{row.label}" for lang, row in PARAMETERS]


def test_both_languages_have_the_same_rows() -> None:
    ko, en = (rows(language) for language in LANGUAGES)
    assert len(en) >= 40
    assert [r.label for r in ko] == [r.label for r in en]
    assert len({r.label for r in en}) == len(en)
    assert [r.page for r in ko] == [r.page for r in en]
    for k, e in zip(ko, en, strict=True):
        for at in (2, 4, 5):
            assert sorted(_GLUE.findall(k.cells[at])) == sorted(
                _GLUE.findall(e.cells[at])
            )


@pytest.mark.parametrize(("language", "row"), PARAMETERS, ids=IDS)
def test_a_row_has_all_columns(language: str, row: Row) -> None:
    assert len(row.cells) == COLUMNS
    assert all(row.cells), f"an empty cell: {row.cells}"
    assert re.search(r"\{cite:t\}`[a-z]+\d{4}[a-z]*`", row.cells[6])
    parameters, value = (_GLUE.findall(row.cells[at]) for at in (2, 5))
    assert bool(parameters) != (row.label in NO_WEIGHTS)
    assert bool(value) != (row.label in NO_SCORE)


@pytest.mark.parametrize(("language", "row"), PARAMETERS, ids=IDS)
def test_a_row_is_of_one_page_that_stores_its_numbers(
    language: str, row: Row
) -> None:
    assert row.page in names(language)
    page = load(language, row.page)
    labels = [h.label for h in page.headings]
    assert row.label in labels, f"{row.page} has no section {row.label}"
    assert re.search(rf"[`<]{labels[0]}[`>]", row.cells[1])
    patterns = stored(page, "number")
    for at in (2, 4, 5):
        for name, key in _GLUE.findall(row.cells[at]):
            assert name == row.page
            assert any(re.fullmatch(p, key) for p in patterns), key
    # No result is typed: digits outside of roles are conditions, not values.
    for at in (2, 5):
        assert not re.search(
            r"\d", re.sub(r"\{[^}]*\}`[^`]*`", "", row.cells[at])
        )


def test_every_model_that_pages_import_has_a_row_or_a_reason() -> None:
    imported = {
        module
        for name in names("en")
        for cell in load("en", name).cells
        for module in re.findall(
            r"from aibook\.models\.(\w+) import", cell.body
        )
    }
    assert imported == ROWS.keys() | WITHOUT.keys()
    assert not ROWS.keys() & WITHOUT.keys()
    assert set(ROWS.values()) <= {row.label for row in rows("en")}


def test_the_pages_measured_are_pages_with_cells() -> None:
    measured = read_measurement(BOOK / FILE).pages
    assert set(measured) <= {n for n in names("en") if load("en", n).cells}
    assert {row.page for row in rows("en")} <= set(measured)
