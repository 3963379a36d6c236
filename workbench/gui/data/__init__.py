"""Looking at images and labels."""
