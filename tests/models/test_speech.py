import pytest
import torch
from torch import nn

from aibook.models.speech import FakeDetector, SpeechEncoder, pad_spectrograms
from helpers import assert_same


def recordings():
    generator = torch.Generator().manual_seed(0)
    return [
        10 * torch.randn(8, n, generator=generator) - 40 for n in (24, 37, 12)
    ]


def test_padding_keeps_the_normalised_spectrogram():
    arrays = recordings()
    X, lengths = pad_spectrograms(arrays)
    assert X.shape == (3, 8, 37)
    assert lengths.tolist() == [24, 37, 12]
    for row, a, n in zip(X, arrays, lengths, strict=True):
        expected = (a - a.mean()) / a.std(correction=0)
        assert_same(row[:, :n], expected, rtol=1e-4, atol=1e-5)
        assert not row[:, n:].any()


@pytest.mark.parametrize(
    "make", [lambda: SpeechEncoder(8, 5), lambda: FakeDetector(8)]
)
def test_what_stands_after_the_end_changes_nothing(make):
    torch.manual_seed(0)
    net = make().eval()
    arrays = recordings()
    X, lengths = pad_spectrograms(arrays)
    together = net(X, lengths)
    for k, a in enumerate(arrays):
        x, n = pad_spectrograms([a])
        alone = net(x, n)
        if isinstance(alone, tuple):
            frames = int(alone[1][0])
            assert frames == (len(a[0]) + 1) // 2 == int(together[1][k])
            # The convolutions see zeros after the end in both cases.
            assert_same(
                together[0][k, :frames], alone[0][0], rtol=1e-4, atol=1e-4
            )
        else:
            assert_same(together[k], alone[0], rtol=1e-4, atol=1e-4)


def test_log_probabilities_add_up_to_one():
    net = SpeechEncoder(8, 5).eval()
    log_probs, _ = net(*pad_spectrograms(recordings()))
    assert_same(log_probs.exp().sum(-1), torch.ones(3, 19), rtol=1e-5)


def test_a_few_steps_of_ctc_learn_two_recordings():
    torch.manual_seed(0)
    net = SpeechEncoder(8, 3, width=16, num_blocks=1, dropout=0.0)
    X, lengths = pad_spectrograms(recordings()[:2])
    targets = torch.tensor([[1, 2], [2, 1]])
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    losses = []
    for _ in range(60):
        log_probs, frames = net(X, lengths)
        loss = nn.functional.ctc_loss(
            log_probs.transpose(0, 1), targets, frames, torch.tensor([2, 2])
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.05 < losses[0]


@pytest.mark.parametrize(
    "arrays",
    [
        [],
        [torch.zeros(3)],
        [torch.zeros(3, 0)],
        [torch.zeros(3, 2), torch.zeros(4, 2)],
    ],
)
def test_refuses(arrays):
    with pytest.raises(ValueError, match="expected one or more"):
        pad_spectrograms(arrays)
