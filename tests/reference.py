"""Slow, obvious versions of what the package does, in plain Python."""

import math
from collections.abc import Callable, Sequence

Vector = Sequence[float]


def weighted_sum(w: Vector, x: Vector, b: float) -> float:
    """Return w x + b, one product after the other."""
    total = b
    for i in range(len(w)):
        total += w[i] * x[i]
    return total


def perceptron_rule(
    X: Sequence[Vector], y: Sequence[int], lr: float, max_epochs: int
) -> tuple[list[int], list[tuple[list[float], float]]]:
    """Return the mistakes of each epoch, and (w, b) at the start and per update."""
    w, b = [0.0] * len(X[0]), 0.0
    errors, states = [], [(list(w), b)]
    for _ in range(max_epochs):
        mistakes = 0
        for x, target in zip(X, y, strict=True):
            output = 1 if weighted_sum(w, x, b) > 0 else 0
            if output == target:
                continue
            mistakes += 1
            sign = 1 if target == 1 else -1
            for i in range(len(w)):
                w[i] += sign * lr * x[i]
            b += sign * lr
            states.append((list(w), b))
        errors.append(mistakes)
        if mistakes == 0:
            break
    return errors, states


def mlp_logit(
    x: Vector,
    weights: Sequence[Sequence[Vector]],
    biases: Sequence[Vector],
    activation: Callable[[float], float],
) -> float:
    """Return the logit of one example; ``weights[layer][i][j]`` leads i to j."""
    values = list(x)
    for layer in range(len(weights)):
        sums = []
        for j in range(len(biases[layer])):
            column = [row[j] for row in weights[layer]]
            sums.append(weighted_sum(column, values, biases[layer][j]))
        is_last = layer == len(weights) - 1
        values = sums if is_last else [activation(z) for z in sums]
    return values[0]


def svm_objective(
    w: Vector, b: float, X: Sequence[Vector], y: Sequence[int], l2: float
) -> float:
    """Half the squared length of (w, b) times l2, plus the mean hinge loss."""
    total = 0.0
    for x, label in zip(X, y, strict=True):
        side = 1 if label == 1 else -1
        total += max(0.0, 1 - side * weighted_sum(w, x, b))
    return l2 / 2 * (sum(v * v for v in w) + b * b) + total / len(X)


def stump_cost(
    X: Sequence[Vector],
    y: Sequence[int],
    weights: Vector,
    feature: int,
    threshold: float,
    *,
    gini: bool,
) -> float:
    """What a split leaves: the lighter class of each side, or its Gini impurity."""
    sides: dict[bool, list[float]] = {True: [0.0, 0.0], False: [0.0, 0.0]}
    for x, label, weight in zip(X, y, weights, strict=True):
        sides[x[feature] <= threshold][label] += weight
    cost = 0.0
    for p, q in sides.values():
        if gini:
            cost += 2 * p * q / (p + q) if p + q > 0 else 0.0
        else:
            cost += min(p, q)
    return cost


def attention_loop(
    Q: Sequence[Vector],
    K: Sequence[Vector],
    V: Sequence[Vector],
    mask: Sequence[Sequence[bool]],
) -> tuple[list[list[float]], list[list[float]]]:
    """Return the mixtures and the weights, one query after the other."""
    mixtures, shares = [], []
    for q, may_see in zip(Q, mask, strict=True):
        sizes = []
        for k, seen in zip(K, may_see, strict=True):
            score = sum(a * b for a, b in zip(q, k, strict=True))
            sizes.append(math.exp(score / math.sqrt(len(q))) if seen else 0.0)
        total = sum(sizes) or 1.0
        shares.append([size / total for size in sizes])
        columns = zip(*V, strict=True)
        mixtures.append([weighted_sum(shares[-1], c, 0.0) for c in columns])
    return mixtures, shares


def mask_overlap(
    a: Sequence[Sequence[Sequence[int]]], b: Sequence[Sequence[Sequence[int]]]
) -> tuple[list[list[float]], list[list[float]]]:
    """IoU and Dice of every mask of a with every one of b, by sets of pixels."""

    def pixels(mask: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
        return {
            (i, j)
            for i, row in enumerate(mask)
            for j, value in enumerate(row)
            if value
        }

    iou, dice = [], []
    for first in map(pixels, a):
        rows: tuple[list[float], list[float]] = ([], [])
        for second in map(pixels, b):
            both, either = len(first & second), len(first | second)
            total = len(first) + len(second)
            rows[0].append(both / either if either else 0.0)
            rows[1].append(2 * both / total if total else 0.0)
        iou.append(rows[0])
        dice.append(rows[1])
    return iou, dice


def class_overlap(
    y_hat: Sequence[int], y: Sequence[int], num_classes: int
) -> tuple[list[float], list[float]]:
    """IoU and Dice of each class, NaN where it is in neither."""
    iou, dice = [], []
    for k in range(num_classes):
        said = {i for i, c in enumerate(y_hat) if c == k}
        true = {i for i, c in enumerate(y) if c == k}
        both, either = len(said & true), len(said | true)
        iou.append(both / either if either else math.nan)
        total = len(said) + len(true)
        dice.append(2 * both / total if total else math.nan)
    return iou, dice


def dice_loss(
    p: Sequence[Vector], t: Sequence[Vector], smooth: float
) -> float:
    """One minus the mean over classes; p[k], t[k] hold the pixels of class k."""
    shares = []
    for probabilities, truths in zip(p, t, strict=True):
        both = total = 0.0
        for i in range(len(probabilities)):
            both += probabilities[i] * truths[i]
            total += probabilities[i] + truths[i]
        shares.append((2 * both + smooth) / (total + smooth))
    return 1 - sum(shares) / len(shares)
