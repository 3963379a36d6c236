"""What excites a map, in the window: the images that do it most, and a picture made to do it."""
