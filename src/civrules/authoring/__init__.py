"""Documents: TOML ⇄ model."""
