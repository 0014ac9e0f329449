"""The analysis declared beforehand: what a verdict depends on, frozen and dated; and how it depends on the choices."""
