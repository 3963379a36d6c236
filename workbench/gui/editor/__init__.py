"""The network as a stack of cards, and what edits it."""
