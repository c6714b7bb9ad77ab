"""Settings: `base`, and `development`, `production` and `test`, which only override it."""
