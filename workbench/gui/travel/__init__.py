"""Time travel: any epoch of a training looked at again, and two of them beside each other."""
