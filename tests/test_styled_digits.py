import pytest
import torch

from aibook.data.mnist import load_mnist
from aibook.data.prompts import STYLES, read_prompt, unseen_pairs
from aibook.styled_digits import (
    BOUNDS,
    DIRECTIONS,
    RANGES,
    moving_digits,
    style_hits,
    styled_digits,
)
from aibook.vision.pen import measure, trace

X, Y = load_mnist("test", limit=300)
FIELDS, DIGITS = trace(X), torch.tensor(Y)


def test_prompts_are_true_and_say_some_of_it():
    pictures = styled_digits(FIELDS, DIGITS, copies=3, seed=1)
    assert pictures.digits.tolist() == DIGITS.repeat_interleave(3).tolist()
    shown = said = 0
    for digit, styles, prompt in zip(
        pictures.digits.tolist(),
        pictures.styles,
        pictures.prompts,
        strict=True,
    ):
        meaning = read_prompt(prompt)
        assert meaning.digit == digit
        assert set(meaning.styles) <= set(styles)
        shown += len(styles)
        said += len(meaning.styles)
    assert 0.52 < said / shown < 0.68
    korean = [not prompt.isascii() for prompt in pictures.prompts]
    assert 0.4 < sum(korean) / len(korean) < 0.6


def test_unseen_pairs_are_never_drawn_unless_asked_for():
    pictures = styled_digits(FIELDS, DIGITS, copies=4)
    pairs = {
        (digit, style)
        for digit, styles in zip(
            pictures.digits.tolist(), pictures.styles, strict=True
        )
        for style in styles
    }
    assert len(pairs) == 50
    assert not pairs & set(unseen_pairs())
    every = styled_digits(FIELDS, DIGITS, copies=4, lacking=())
    pairs = {
        (digit, style)
        for digit, styles in zip(
            every.digits.tolist(), every.styles, strict=True
        )
        for style in styles
    }
    assert len(pairs) == 60


def test_the_measure_finds_the_styles():
    pictures = styled_digits(FIELDS, DIGITS, copies=2, lacking=(), seed=2)
    hits = style_hits(pictures.images)
    for style in STYLES:
        drawn = torch.tensor([style in styles for styles in pictures.styles])
        assert hits[style][drawn].float().mean() > 0.85, style
        assert hits[style][~drawn].float().mean() < 0.08, style


def test_bounds_lie_between_the_ranges():
    for name, (low, high) in BOUNDS.items():
        first, none, second = RANGES[name]
        assert first[1] < low < none[0] < none[1] < high < second[0]


def test_clips_move_straight_as_they_say():
    clips = moving_digits(FIELDS, DIGITS, seed=3)
    centres = measure(clips.images.flatten(0, 1)).centre.unflatten(0, (300, 4))
    steps = centres.diff(dim=1)
    even = []
    for k, (motion, prompt) in enumerate(
        zip(clips.motions, clips.prompts, strict=True)
    ):
        meaning = read_prompt(prompt)
        assert meaning.motion == motion
        assert meaning.digit == DIGITS[k]
        way = torch.tensor(DIRECTIONS[motion]).float()
        along = steps[k] @ way
        aside = (steps[k] - along[:, None] * way).abs().max()
        right = along.min() > 1.5 and along.max() < 2.5
        even.append(
            bool(right and aside < 0.1 and along.max() - along.min() < 0.1)
        )
    assert sum(even) >= 285  # a wide digit may touch the edge
    assert set(clips.motions) == set(DIRECTIONS)


def test_no_ink_leaves_the_image():
    clips = moving_digits(FIELDS, DIGITS, seed=4).images.flatten(0, 1)
    mass = clips.sum((1, 2, 3)).unflatten(0, (300, 4))
    assert ((mass.amax(1) - mass.amin(1)) / mass.mean(1)).mean() < 0.05


def test_the_seed_decides():
    one, same, other = (
        styled_digits(FIELDS[:20], DIGITS[:20], seed=seed)
        for seed in (0, 0, 1)
    )
    assert torch.equal(one.images, same.images)
    assert one.prompts == same.prompts
    assert one.prompts != other.prompts


@pytest.mark.parametrize("options", [{"copies": 0}, {"mention": 1.5}])
def test_bad_input_is_refused(options):
    with pytest.raises(ValueError, match=r"must"):
        styled_digits(FIELDS, DIGITS, **options)
    with pytest.raises(ValueError, match="as many"):
        styled_digits(FIELDS, DIGITS[:5])
    with pytest.raises(ValueError, match="num_frames"):
        moving_digits(FIELDS, DIGITS, num_frames=5)
