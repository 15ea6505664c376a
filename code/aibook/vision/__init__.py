"""Pure functions on images, boxes and masks, one file an idea."""
