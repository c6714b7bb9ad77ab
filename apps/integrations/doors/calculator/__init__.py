"""Results of the site's solar calculator, sent by a visitor who wants to be called."""
