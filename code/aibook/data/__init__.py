"""Real data in small bundled files, and the loaders that check and read them.

A loader lives in the module of its data set: ``fashion_mnist``, ``mnist``,
``adult``, and the computed sets ``gates`` and ``moons``.
``files/manifest.json`` names the source, authors, licence and hash of every
bundled file; ``files/LICENSES.md`` holds the notices that the licences ask for.

Book page: reference/datasets
"""
