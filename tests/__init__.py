"""The tests of brandtrust. A package, not a bare folder: some libraries install a package `tests` of their own, which would go before a bare folder."""
