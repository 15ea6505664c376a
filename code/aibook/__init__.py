"""What the book teaches, as a package that can be read, tested and reused.

Subpackages
-----------
scratch
    Ideas from nothing but NumPy: the perceptron, the multilayer perceptron and
    back-propagation, activation functions, softmax, Huffman's code.
layers
    Parts of networks that two or more models share.
models
    PyTorch models, one file an architecture.
vision
    Pure functions on images, boxes and masks.
data
    Loaders, and the data sets that come with the book.
plotting
    The figures' style, and functions that draw on a given Axes.

Modules
-------
information
    Entropy, cross-entropy, divergence, perplexity.
losses
    Loss functions and their gradients.
metrics
    How good predictions are.
classification_metrics
    Precision, recall, specificity, F1: how good yes-or-no decisions are.
threshold_metrics
    ROC and precision-recall curves: how good scores are.
training
    The training loop in six steps; it knows no model.
early_stopping
    When to stop, and the best weights so far.
checkpoints
    A training in a file, and going on from there.
audio
    A player for sounds in the page.
notebook
    How a page shows its figures and numbers.

Nothing is imported here: ``from aibook.scratch.perceptron import Perceptron``.
"""
