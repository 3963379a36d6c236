"""The famous networks, each as a graph."""
