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


def roi_align_loop(
    grid: Sequence[Vector], box: Vector, bins: int, points: int
) -> list[list[float]]:
    """Return the mean of each bin's points, each between four cells."""
    height, width = len(grid), len(grid[0])
    x1, y1, x2, y2 = box

    def read(y: float, x: float) -> float:
        if y < -1 or y > height or x < -1 or x > width:
            return 0.0
        y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
        top, left = int(y), int(x)
        low, right = min(top + 1, height - 1), min(left + 1, width - 1)
        down, across = y - top, x - left
        above = (1 - across) * grid[top][left] + across * grid[top][right]
        below = (1 - across) * grid[low][left] + across * grid[low][right]
        return (1 - down) * above + down * below

    result = []
    for i in range(bins):
        row = []
        for j in range(bins):
            total = 0.0
            for k in range(points):
                for m in range(points):
                    y = y1 + (y2 - y1) * (i + (k + 0.5) / points) / bins
                    x = x1 + (x2 - x1) * (j + (m + 0.5) / points) / bins
                    total += read(y - 0.5, x - 0.5)
            row.append(total / points**2)
        result.append(row)
    return result


Map = list[list[int]]


def _pixels(classes: Map, ids: Map, void: int) -> dict[tuple[int, int], set]:
    """Return the pixels of each segment (class, number)."""
    segments: dict[tuple[int, int], set] = {}
    for y in range(len(classes)):
        for x in range(len(classes[0])):
            if classes[y][x] != void:
                key = (classes[y][x], ids[y][x])
                segments.setdefault(key, set()).add((y, x))
    return segments


def panoptic_quality_loop(
    found: Sequence[tuple[Map, Map]],
    true: Sequence[tuple[Map, Map]],
    num_classes: int,
    void: int,
) -> list[tuple[float, int, int, int]]:
    """Return (sum of IoU, pairs, false finds, misses) of each class."""
    result = []
    for k in range(num_classes):
        overlap, tp, fp, fn = 0.0, 0, 0, 0
        for (classes, ids), (true_classes, true_ids) in zip(
            found, true, strict=True
        ):
            mine = _pixels(classes, ids, void)
            theirs = _pixels(true_classes, true_ids, void)
            known = set().union(*theirs.values())
            partners = set()
            for key, pixels in mine.items():
                if key[0] != k:
                    continue
                for other, truth in theirs.items():
                    seen = pixels & known
                    iou = len(seen & truth) / len(seen | truth)
                    if other[0] == k and iou > 0.5:
                        overlap, tp = overlap + iou, tp + 1
                        partners.add(other)
                        break
                else:
                    if len(pixels - known) <= len(pixels) / 2:
                        fp += 1
            fn += sum(o[0] == k and o not in partners for o in theirs)
        result.append((overlap, tp, fp, fn))
    return result


def merge_panoptic_loop(
    masks: Sequence[Sequence[Sequence[bool]]],
    labels: Sequence[int],
    scores: Vector,
    ground: Map,
    threshold: float,
    visible: float,
) -> tuple[Map, Map]:
    """Return classes and numbers, pixel by pixel."""
    classes = [list(row) for row in ground]
    ids = [[0] * len(row) for row in ground]
    number = 0
    for i in sorted(range(len(masks)), key=lambda i: -scores[i]):
        if scores[i] < threshold:
            continue
        free = []
        size = 0
        for y in range(len(ground)):
            for x in range(len(ground[0])):
                if masks[i][y][x]:
                    size += 1
                    if ids[y][x] == 0:
                        free.append((y, x))
        if not free or len(free) < visible * size:
            continue
        number += 1
        for y, x in free:
            classes[y][x], ids[y][x] = labels[i], number
    return classes, ids


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


def largest_part(mask: Sequence[Sequence[bool]]) -> set[tuple[int, int]]:
    """The largest set of joined pixels, the first of equals, found by walking."""
    left = [
        (i, j)
        for i, row in enumerate(mask)
        for j, value in enumerate(row)
        if value
    ]
    best: set[tuple[int, int]] = set()
    while left:
        part, border = {left[0]}, [left[0]]
        while border:
            i, j = border.pop()
            for place in left:
                near = abs(place[0] - i) <= 1 and abs(place[1] - j) <= 1
                if near and place not in part:
                    part.add(place)
                    border.append(place)
        left = [place for place in left if place not in part]
        if len(part) > len(best):
            best = part
    return best


def edges_loop(image: Sequence[Vector], threshold: float) -> list[list[int]]:
    """Return 1 where the slope is steep and no neighbour across is steeper."""
    height, width = len(image), len(image[0])

    def value(i: int, j: int) -> float:
        return image[min(max(i, 0), height - 1)][min(max(j, 0), width - 1)]

    def slope(i: int, j: int) -> tuple[float, float]:
        across = down = 0.0
        for k, weight in ((-1, 1), (0, 2), (1, 1)):
            across += weight * (value(i + k, j + 1) - value(i + k, j - 1)) / 8
            down += weight * (value(i + 1, j + k) - value(i - 1, j + k)) / 8
        return across, down

    def squared(i: int, j: int) -> float:
        if not (0 <= i < height and 0 <= j < width):
            return 0.0
        across, down = slope(i, j)
        return across**2 + down**2

    edges = []
    for i in range(height):
        row = []
        for j in range(width):
            across, down = slope(i, j)
            rivals = [(i, j - 1), (i, j + 1)]
            if abs(across) <= abs(down):
                rivals = [(i - 1, j), (i + 1, j)]
            here = squared(i, j)
            steep = here >= threshold**2
            row.append(int(steep and all(here >= squared(*r) for r in rivals)))
        edges.append(row)
    return edges


def precision_recall_loop(
    region: Sequence[Vector], points: Sequence[Vector], k: int
) -> float:
    """The share of points within reach of the region, one pair at a time."""
    inside = 0
    for point in points:
        for i, centre in enumerate(region):
            others = [
                math.dist(centre, other)
                for j, other in enumerate(region)
                if j != i
            ]
            if math.dist(centre, point) <= sorted(others)[k - 1]:
                inside += 1
                break
    return inside / len(points)


def kernel_distance_loop(X: Sequence[Vector], Y: Sequence[Vector]) -> float:
    """The unbiased squared maximum mean discrepancy of the cubic kernel."""

    def alike(a: Vector, b: Vector) -> float:
        return (
            sum(p * q for p, q in zip(a, b, strict=True)) / len(a) + 1
        ) ** 3

    def mean(pairs: list[tuple[Vector, Vector]]) -> float:
        return sum(alike(a, b) for a, b in pairs) / len(pairs)

    within = [
        mean(
            [
                (Z[i], Z[j])
                for i in range(len(Z))
                for j in range(len(Z))
                if i != j
            ]
        )
        for Z in (X, Y)
    ]
    return within[0] + within[1] - 2 * mean([(x, y) for x in X for y in Y])
