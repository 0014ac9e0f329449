"""The tests of brandtrust: a package, since some libraries install one called `tests`, which hides a bare folder."""
