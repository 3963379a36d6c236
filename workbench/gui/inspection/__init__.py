"""Looking into a network: activation maps, filters, predictions."""
