"""The chapter's recogniser from several starts, on several sets of speakers.

Run it with ``python tests/benchmarks/speech.py``; it takes some minutes. Each run has
its own training recordings, start and test speakers, none of whom was heard in
training. Everything runs on one thread. The mean of the runs' error rates must be at
most 10 %; single runs are printed, since some starts hear worse.
"""

import sys
from pathlib import Path
from time import process_time

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.models.speech import SpeechEncoder, pad_spectrograms
from aibook.scratch.ctc_decoding import decode_greedy
from aibook.scratch.edit_distance import error_rate
from aibook.scratch.speakers import draw_speaker
from aibook.scratch.spectrogram import log_mel
from aibook.scratch.syllables import draw_text, say
from aibook.training import seed_everything

LETTERS = "-bdgieaou"
NUM_SEEDS = 5
NUM_EPOCHS = 9
MOST = 0.10

Recordings = tuple[list[np.ndarray], list[str]]


def draw(num_speakers: int, num: int, seed: int) -> Recordings:
    """Return spectrograms and texts, as the page draws them."""
    rng = np.random.default_rng(seed)
    voices = [draw_speaker(rng) for _ in range(num_speakers)]
    texts = [
        draw_text(rng, num_syllables=int(rng.integers(2, 6)))
        for _ in range(num)
    ]
    voices = [voices[i % num_speakers] for i in range(num)]
    pictures = []
    for x in say(texts, voices, seed=seed):
        weaker = 10 ** (-rng.uniform(10, 30) / 20)
        noisy = x + weaker * x.std() * rng.normal(size=len(x))
        pictures.append(log_mel(noisy))
    return pictures, texts


def train(recordings: Recordings, seed: int) -> SpeechEncoder:
    """Train the network of the page with its settings."""
    pictures, texts = recordings
    X, lengths = pad_spectrograms(pictures)
    targets = [torch.tensor([LETTERS.index(c) for c in t]) for t in texts]
    seed_everything(seed)
    net = SpeechEncoder(32, len(LETTERS), dropout=0.0)
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        2e-3,
        total_steps=NUM_EPOCHS * -(-len(texts) // 16),
        pct_start=0.2,
    )
    for _ in range(NUM_EPOCHS):
        for batch in torch.randperm(len(texts)).split(16):
            longest = int(lengths[batch].max())
            log_probs, frames = net(X[batch, :, :longest], lengths[batch])
            wanted = [targets[i] for i in batch]
            loss = nn.functional.ctc_loss(
                log_probs.transpose(0, 1),
                torch.cat(wanted),
                frames,
                torch.tensor([len(w) for w in wanted]),
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return net.eval()


@torch.no_grad()
def listen(net: SpeechEncoder, pictures: list[np.ndarray]) -> list[str]:
    """Return what the network hears."""
    log_probs, frames = net(*pad_spectrograms(pictures))
    heard = [
        decode_greedy(y[:n]) for y, n in zip(log_probs, frames, strict=True)
    ]
    return ["".join(LETTERS[k] for k in tokens) for tokens in heard]


def main() -> int:
    """Print a row for each run; return 1 if they hear too badly on average."""
    torch.set_num_threads(1)
    print("seed  error rate  worst speaker  seconds of one core")
    rates = []
    for seed in range(NUM_SEEDS):
        start = process_time()
        net = train(draw(100, 1000, 2 * seed), seed)
        pictures, texts = draw(20, 200, 2 * seed + 1)
        heard = listen(net, pictures)
        rates.append(error_rate(texts, heard))
        worst = max(error_rate(texts[k::20], heard[k::20]) for k in range(20))
        print(
            f"{seed:4d}  {rates[-1]:10.4f}  {worst:13.3f}  "
            f"{process_time() - start:19.1f}",
            flush=True,
        )
    print(
        f"mean  {np.mean(rates):10.4f}  from {min(rates):.4f} to {max(rates):.4f}"
    )
    return int(np.mean(rates) > MOST)


if __name__ == "__main__":
    sys.exit(main())
