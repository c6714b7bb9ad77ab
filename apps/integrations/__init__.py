"""The doors: what other programs send us, read into a lead draft. One folder for each kind."""
