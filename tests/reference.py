"""Slow, obvious versions of what the package does, in plain Python."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

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


def between_class_variance(counts: Sequence[int]) -> list[Fraction]:
    """Return the exact variance between "t or less" and "above t" for each t."""
    variances = []
    for t in range(len(counts)):
        sizes, sums = [0, 0], [0, 0]
        for value in range(len(counts)):
            side = 1 if value > t else 0
            sizes[side] += int(counts[value])
            sums[side] += value * int(counts[value])
        if 0 in sizes:
            variances.append(Fraction(0))
            continue
        means = [Fraction(sums[side], sizes[side]) for side in range(2)]
        weights = [Fraction(size, sum(sizes)) for size in sizes]
        variances.append(weights[0] * weights[1] * (means[0] - means[1]) ** 2)
    return variances


def window_mean_std(
    image: Sequence[Vector], window: int
) -> tuple[list[list[float]], list[list[float]]]:
    """Return mean and standard deviation of the pixels round each pixel."""
    height, width, half = len(image), len(image[0]), window // 2
    means = [[0.0] * width for _ in range(height)]
    stds = [[0.0] * width for _ in range(height)]
    for i in range(height):
        for j in range(width):
            values = [
                float(image[a][b])
                for a in range(height)
                for b in range(width)
                if abs(a - i) <= half and abs(b - j) <= half
            ]
            means[i][j] = math.fsum(values) / len(values)
            squares = [(value - means[i][j]) ** 2 for value in values]
            stds[i][j] = math.sqrt(math.fsum(squares) / len(values))
    return means, stds


def extremes_loop(
    image: Sequence[Sequence[float]],
    element: Sequence[Sequence[bool]],
    origin: tuple[int, int],
    outside: float | None,
    *,
    greatest: bool,
    nothing: float,
) -> list[list[float]]:
    """Return the least (or greatest) value that each pixel's element covers.

    The greatest is taken over the element turned by half a turn. ``outside`` stands
    around the image, or nothing does; then ``nothing`` is what no value gives.
    """
    height, width = len(image), len(image[0])
    sign = -1 if greatest else 1
    result = []
    for y in range(height):
        result.append([nothing] * width)
        for x in range(width):
            found = []
            for i, row in enumerate(element):
                for j, covered in enumerate(row):
                    u = y + sign * (i - origin[0])
                    v = x + sign * (j - origin[1])
                    inside = 0 <= u < height and 0 <= v < width
                    if covered and inside:
                        found.append(image[u][v])
                    elif covered and outside is not None:
                        found.append(outside)
            if found:
                result[y][x] = max(found) if greatest else min(found)
    return result


def flood(mask: Sequence[Sequence[bool]], *, corners: bool) -> list[list[int]]:
    """Return the number of each pixel's component, spreading from its first."""
    labels = [[0] * len(row) for row in mask]
    count = 0
    for y, row in enumerate(mask):
        for x, value in enumerate(row):
            if not value or labels[y][x]:
                continue
            count += 1
            labels[y][x] = count
            waiting = [(y, x)]
            while waiting:
                i, j = waiting.pop()
                for u in (i - 1, i, i + 1):
                    for v in (j - 1, j, j + 1):
                        beside = (u == i) != (v == j) or corners
                        inside = 0 <= u < len(mask) and 0 <= v < len(row)
                        if (
                            beside
                            and inside
                            and mask[u][v]
                            and not labels[u][v]
                        ):
                            labels[u][v] = count
                            waiting.append((u, v))
    return labels


def area_by_steps(precision: Vector, recall: Vector) -> float:
    """Return the area below the best precision at each recall or a higher one.

    Precision and recall have one value a find; each rise of the recall is a step.
    """
    area, reached = 0.0, 0.0
    for n in range(len(recall)):
        best = max(float(precision[m]) for m in range(n, len(precision)))
        area += (float(recall[n]) - reached) * best
        reached = float(recall[n])
    return area
