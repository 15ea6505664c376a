import numpy as np
import pandas as pd
import pytest
import torch

from aibook.data.adult import CATEGORICAL, TARGET, load_adult
from aibook.models.income import NAMES, NUMBERS, encoder, train_network
from aibook.scratch.splitting import stratified_split
from aibook.scratch.tabular import OneHot, Standardiser
from helpers import assert_same


@pytest.fixture(scope="module")
def adult():
    return load_adult()


def test_every_attribute_but_two_is_used():
    used = {*NAMES, *NUMBERS}
    left_out = set(load_adult().columns) - used
    assert left_out == {"education", "fnlwgt", TARGET}
    assert set(NAMES) == set(CATEGORICAL) - {"education"}


def test_the_encoder_is_what_the_scratch_encoders_do(adult):
    train, test = adult.iloc[:3000], adult.iloc[3000:4000]
    prepare = encoder(values=False).fit(train)
    words = [
        part[list(NAMES)].astype(object).fillna("missing").to_numpy()
        for part in (train, test)
    ]
    # Without what is rare: compare the columns that stand for one category.
    ours = OneHot().fit(words[0])
    codes = ours.transform(words[1])
    labels = [
        f"{name}_{category}"
        for name, known in zip(NAMES, ours.categories, strict=True)
        for category in known
    ]
    got = pd.DataFrame(
        prepare.transform(test), columns=prepare.get_feature_names_out()
    )
    theirs = got.filter(regex="^names__(?!.*infrequent_sklearn$)")
    assert theirs.shape[1] > 40
    for column in theirs:
        place = labels.index(column.removeprefix("names__"))
        assert_same(codes[:, place], theirs[column].to_numpy(), rtol=0)
    scaler = Standardiser().fit(train[list(NUMBERS)])
    assert_same(
        scaler.transform(test[list(NUMBERS)]),
        got.filter(regex="^numbers__").to_numpy(),
        rtol=1e-9,
    )


def test_values_add_columns_of_zeros_and_ones(adult):
    train = adult.iloc[:3000]
    plain = encoder(values=False).fit_transform(train)
    more = encoder().fit_transform(train)
    assert_same(more[:, : plain.shape[1]], plain, rtol=0)
    added = more[:, plain.shape[1] :]
    assert set(np.unique(added)) == {0.0, 1.0}
    assert (added.sum(axis=1) == 4).all()


def test_unknown_categories_and_values_are_taken(adult):
    prepare = encoder().fit(adult.iloc[:3000])
    row = adult.iloc[:1].astype({"native-country": object, "age": int})
    row["native-country"], row["age"] = "Atlantis", 123
    assert np.isfinite(prepare.transform(row)).all()


def test_the_network_learns_what_logistic_regression_cannot(adult):
    """Two seeds, two splits; the bound of the page is held by its benchmark."""
    y = adult[TARGET].cat.codes.to_numpy()
    for seed in range(2):
        train, test = stratified_split(y, seed=seed)
        prepare = encoder()
        model, _ = train_network(
            prepare.fit_transform(adult.iloc[train]), y[train], seed=seed
        )
        inputs = prepare.transform(adult.iloc[test])
        with torch.no_grad():
            logits = model(torch.tensor(inputs, dtype=torch.float32))
        assert np.mean((logits.numpy() > 0) == y[test]) > 0.853


def test_a_seed_fixes_the_run():
    X = np.random.default_rng(0).normal(size=(200, 3))
    y = (X[:, 0] > 0).astype(int)
    runs = [train_network(X, y, seed=s, num_epochs=2) for s in (0, 0, 1)]
    losses = [history.loss for _, history in runs]
    assert losses[0] == losses[1] != losses[2]
    assert not runs[0][0].training


def test_a_weight_shifts_the_mean_probability():
    """No input says anything: the odds learned are the weighted odds."""
    X, y = np.zeros((400, 1)), np.array([0, 0, 0, 1] * 100)
    for weight in (1.0, 3.0):
        model, _ = train_network(
            X, y, weight=weight, num_epochs=60, batch_size=100, lr=0.1
        )
        with torch.no_grad():
            odds = model(torch.zeros(1, 1)).exp().item()
        assert odds == pytest.approx(weight / 3, rel=0.1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weight": 0.0}, "weight is"),
        ({"lr": 0.0}, "lr is"),
        ({"num_epochs": 0}, "num_epochs is 0"),
        ({"batch_size": 0}, "batch_size = 0"),
        ({"hidden": (0,)}, "sizes is"),
    ],
)
def test_bad_hyperparameters_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        train_network([[0.0], [1.0]], [0, 1], **options)


@pytest.mark.parametrize(
    ("X", "y"), [([0.0], [0]), ([[0.0]], [2]), ([[np.nan]], [0]), (0.0, 0)]
)
def test_bad_examples_are_refused(X, y):
    with pytest.raises(ValueError, match=r"[Xy] h"):
        train_network(X, y)
