"""Training in the window: the thread, its controls, the curves."""
