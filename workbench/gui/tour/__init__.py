"""The story of the product, played in the real window: its steps room by room, and what plays them."""
