"""Give the package reference's examples the names of their modules.

Docstrings' examples use their module's own names, as pytest runs them. Sphinx's
doctest builder runs them in an empty namespace, one for each page, so each page
of the reference fills it first, in a ``testsetup``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def names_of(*modules: str) -> dict[str, Any]:
    """Return the global names of the modules, by name.

    A name that two modules use for different things is left out: an example that
    needs it has to import it.

    Examples
    --------
    >>> sorted(names_of("aibook_sphinx.doctests"))
    ['Any', 'annotations', 'import_module', 'names_of']
    """
    names: dict[str, Any] = {}
    ambiguous: set[str] = set()
    for module in modules:
        for name, value in vars(import_module(module)).items():
            if name.startswith("_"):
                continue
            # Constants and types of arrays may differ; no example shows them.
            counts = name.islower() or isinstance(value, type)
            if counts and names.get(name, value) is not value:
                ambiguous.add(name)
            names[name] = value
    return {
        name: value for name, value in names.items() if name not in ambiguous
    }
