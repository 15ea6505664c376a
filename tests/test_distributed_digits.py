import pytest
import torch

from aibook.distributed_digits import (
    digit_network,
    launch,
    load_tensors,
    train,
)


def test_two_processes_learn_what_one_learns():
    one, two = train(), launch(2)
    assert (one.num_processes, two.num_processes) == (1, 2)
    assert one.losses.shape == two.losses.shape == (50,)
    torch.testing.assert_close(two.losses, one.losses, atol=1e-4, rtol=0)
    torch.testing.assert_close(two.weights, one.weights, atol=1e-4, rtol=0)
    assert one.losses[-10:].mean() < one.losses[:10].mean() / 2


def test_one_process_alone_is_repeatable():
    first, second = (train(num_samples=160, num_epochs=1) for _ in range(2))
    assert torch.equal(first.weights, second.weights)


def test_a_batch_that_does_not_come_out_even_is_reported():
    with pytest.raises(ValueError, match="must divide num_samples = 100"):
        train(batch_size=80, num_samples=100)
    with pytest.raises(RuntimeError, match="multiple of the 2 processes"):
        launch(2, batch_size=25)


def test_bad_numbers_are_refused():
    with pytest.raises(ValueError, match="num_epochs = 0"):
        train(num_epochs=0)
    with pytest.raises(ValueError, match="num_processes = 0"):
        launch(0)


def test_digits_are_vectors_from_0_to_1():
    X, y = load_tensors("test", limit=50)
    assert X.shape == (50, 196)
    assert y.shape == (50,)
    assert X.min() == 0
    assert 0.5 < X.max() <= 1
    assert digit_network()(X).shape == (50, 10)
