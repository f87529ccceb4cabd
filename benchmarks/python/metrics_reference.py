"""Answers one command a line on standard input with one line of JSON: the same scores by numpy and scipy, for metrics.bench.ts.

Arguments: a file of float64 [2, rows, columns] (reference, generated), rows, columns, number of clusters.
"""
import json
import sys

import numpy as np
import scipy
from scipy.cluster.vq import kmeans2, vq
from scipy.linalg import sqrtm
from scipy.stats import norm

rows, columns, k = (int(value) for value in sys.argv[2:5])
reference, generated = np.fromfile(sys.argv[1]).reshape(2, rows, columns)
centres = None


def objective(points, found):
    return float((vq(points, found)[1] ** 2).sum())


def kmeans(iterations):
    """scipy's own, k-means++ start, the given number of iterations."""
    found, _ = kmeans2(reference, k, iter=iterations, minit="++", seed=1)
    return objective(reference, found)


def best_of(restarts):
    """scikit-learn's algorithm written out: greedy k-means++, Lloyd to a relative movement of 1e-4, best of several restarts."""
    random = np.random.default_rng(0)
    mean = reference.mean(0)
    points = reference - mean
    squares = (points**2).sum(1)
    tolerance = 1e-4 * points.var(0).mean()
    best = np.inf
    for _ in range(restarts):
        found = points[[random.integers(rows)]]
        nearest = np.maximum(squares - 2 * points @ found[0] + (found[0] ** 2).sum(), 0)
        while len(found) < k:
            candidates = points[random.choice(rows, 2 + int(np.log(k)), p=nearest / nearest.sum())]
            distances = np.minimum(nearest, np.maximum(squares - 2 * candidates @ points.T + (candidates**2).sum(1)[:, None], 0))
            choice = distances.sum(1).argmin()
            nearest = distances[choice]
            found = np.vstack([found, candidates[choice]])
        for _ in range(100):
            labels = ((found**2).sum(1) - 2 * points @ found.T).argmin(1)
            counts = np.bincount(labels, minlength=k)
            sums = np.eye(k)[labels].T @ points
            moved = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], found)
            shift = ((moved - found) ** 2).sum()
            found = moved
            if shift <= tolerance:
                break
        best = min(best, objective(points, found))
    return best


def frechet():
    first, second = np.cov(reference, rowvar=False), np.cov(generated, rowvar=False)
    root = sqrtm(first @ second)
    difference = reference.mean(0) - generated.mean(0)
    return float(difference @ difference + np.trace(first) + np.trace(second) - 2 * np.trace(root).real)


def ndb():
    counts = [np.bincount(vq(points, centres)[0], minlength=k) for points in (reference, generated)]
    p, q = counts[0] / rows, counts[1] / rows
    pooled = (counts[0] + counts[1]) / (2 * rows)
    z = (p - q) / np.sqrt(pooled * (1 - pooled) * 2 / rows)
    return int((2 * norm.sf(np.abs(z)) < 0.05).sum())


print(json.dumps({"numpy": np.__version__, "scipy": scipy.__version__}), flush=True)
for line in sys.stdin:
    command, *rest = line.split()
    if command == "centres":
        centres = np.fromfile(rest[0]).reshape(k, columns)
        answer = None
    else:
        answer = {"kmeans": kmeans, "best_of": best_of, "frechet": frechet, "ndb": ndb}[command](*map(int, rest))
    print(json.dumps(answer), flush=True)
