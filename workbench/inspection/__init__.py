"""Activations and filters: tensors in, arrays out."""
