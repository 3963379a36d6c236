"""Run directories: everything that happened in a training, enough to go on from."""
