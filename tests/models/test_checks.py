import pytest
import torch

from aibook.models.checks import check_inputs


def test_good_input_comes_back_itself():
    X = torch.zeros(1, 2)
    assert check_inputs(X, 2) is X


@pytest.mark.parametrize("shape", [(2,), (4, 3), (1, 2, 2), ()])
def test_wrong_shape(shape):
    with pytest.raises(ValueError, match=r"expected \(N, 2\)"):
        check_inputs(torch.zeros(shape), 2)


def test_empty():
    with pytest.raises(ValueError, match="empty"):
        check_inputs(torch.zeros(0, 2), 2)
