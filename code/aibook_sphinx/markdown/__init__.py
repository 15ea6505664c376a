"""A page's nodes as the Markdown of notebooks.

``text`` writes pieces of Markdown, ``inline`` what stands within a line, ``parts``
lists, tables, exercises and descriptions, and ``blocks`` joins them to `Writer`.
"""
