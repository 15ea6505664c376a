import pytest
import torch

from aibook.data.opinions import draw_opinions
from aibook.models.careless_sentiment import careless_accuracy
from aibook.models.mean_embedding import MeanEmbedding
from aibook.models.sentiment import SentimentLSTM, answer, train_sentiment
from aibook.scratch.vocabulary import Vocabulary
from aibook.training import seed_everything
from helpers import assert_same

TOKENS = torch.tensor([[2, 3, 4, 5], [5, 1, 0, 0], [3, 0, 0, 0]])


@pytest.mark.parametrize("pool", ["last", "max"])
def test_a_batch_is_what_single_texts_give(pool):
    """The oracle reads each text alone, without padding."""
    seed_everything(0)
    model = SentimentLSTM(6, pool=pool).double()
    logits = model(TOKENS)
    expected = []
    for row in TOKENS:
        states, _ = model.lstm(model.embedding(row[row != 0][None]))
        summary = states[:, -1] if pool == "last" else states.amax(dim=1)
        expected.append(model.head(summary)[0, 0])
    assert_same(logits.detach(), torch.stack(expected).detach(), rtol=1e-12)
    ours = torch.autograd.grad(logits.sum(), list(model.parameters()))
    theirs = torch.autograd.grad(sum(expected), list(model.parameters()))
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-12)


def test_packing_gives_the_same():
    """PyTorch's way: told the lengths, it reads no further."""
    seed_everything(0)
    model = SentimentLSTM(6).double()
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        model.embedding(TOKENS),
        (TOKENS != 0).sum(dim=1),
        batch_first=True,
        enforce_sorted=False,
    )
    _, (h, _) = model.lstm(packed)
    expected = model.head(h[-1]).squeeze(1)
    assert_same(model(TOKENS).detach(), expected.detach(), rtol=1e-12)


@pytest.mark.parametrize(
    "make",
    [
        SentimentLSTM,
        lambda n: SentimentLSTM(n, pool="max"),
        MeanEmbedding,
    ],
)
def test_more_padding_changes_nothing(make):
    seed_everything(0)
    model = make(6).eval()
    longer = torch.nn.functional.pad(TOKENS, (0, 7))
    assert torch.allclose(model(TOKENS), model(longer), rtol=0, atol=1e-6)


def test_the_mean_is_blind_to_order_and_the_lstm_is_not():
    seed_everything(0)
    a, b = torch.tensor([[2, 3, 4]]), torch.tensor([[4, 3, 2]])
    mean, lstm = MeanEmbedding(6).double(), SentimentLSTM(6).double()
    assert torch.allclose(mean(a), mean(b), rtol=1e-12)
    assert not torch.allclose(lstm(a), lstm(b), rtol=1e-3)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_lstm_learns_negation_and_the_mean_cannot(language):
    """The claim of the page on two of its five seeds."""
    for seed in range(2):
        texts, y, _ = draw_opinions(1200, language=language, seed=seed)
        new, t, _ = draw_opinions(
            400, language=language, unseen=True, seed=seed
        )
        vocabulary = Vocabulary(texts)
        scores = []
        for kind in (SentimentLSTM, MeanEmbedding):
            seed_everything(seed)
            model = kind(len(vocabulary))
            train_sentiment(
                model, vocabulary.encode(texts), y, num_epochs=12, seed=seed
            )
            guess = answer(model, vocabulary.encode(new)).numpy()
            scores.append((guess == t).mean())
        assert scores[0] >= 0.95
        assert scores[1] < 0.85


def test_a_seed_fixes_the_run():
    losses = []
    for seed in (0, 0, 1):
        seed_everything(seed)
        model = SentimentLSTM(6)
        history = train_sentiment(
            model, TOKENS, [1, 0, 1], num_epochs=2, batch_size=2, seed=seed
        )
        losses.append(history.loss)
        assert not model.training
    assert losses[0] == losses[1] != losses[2]


def test_gradients_are_held():
    """A huge loss moves the weights, but its gradient's norm is 1 at most."""
    seed_everything(0)
    model = MeanEmbedding(6)
    with torch.no_grad():
        model.head[-1].weight.fill_(1e6)
    train_sentiment(model, TOKENS, [1, 0, 1], num_epochs=1)
    norms = [p.grad.norm() for p in model.parameters()]
    assert torch.stack(norms).norm() <= 1 + 1e-5


@pytest.mark.parametrize("kind", [SentimentLSTM, MeanEmbedding])
@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (torch.zeros(0, 3), r"shape \(0, 3\); expected \(N, L\)"),
        (torch.ones(3), r"shape \(3,\)"),
        (torch.tensor([[2], [0]]), "padding alone"),
    ],
)
def test_bad_tokens_are_refused(kind, tokens, message):
    with pytest.raises(ValueError, match=message):
        kind(6)(tokens)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_tokens": 0}, "num_tokens is 0"),
        ({"num_tokens": 5, "hidden": 0}, "hidden is 0"),
        ({"num_tokens": 5, "num_features": 0}, "num_features is 0"),
        ({"num_tokens": 5, "pool": "mean"}, "pool is 'mean'"),
    ],
)
def test_bad_sizes_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        SentimentLSTM(**options)


def test_the_careless_recipe_runs_and_is_fixed_by_its_seed():
    a, b = (careless_accuracy(1, num_epochs=20) for _ in range(2))
    assert a == b
    assert a[0] * 8 == round(a[0] * 8)
