"""Two networks side by side: which layers came, went and changed, and what each of it costs."""
