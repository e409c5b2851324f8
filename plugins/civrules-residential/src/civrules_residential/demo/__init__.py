"""A quarter of 92 made-up compounds, evaluated as a host application would do it."""
