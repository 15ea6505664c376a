"""Parts of networks that two or more models share, one file an idea."""
