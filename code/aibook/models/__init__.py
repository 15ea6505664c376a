"""Models in PyTorch, one file an architecture; nothing is imported here."""
