"""Ideas built from nothing but NumPy, one file an idea."""
