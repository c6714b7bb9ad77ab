"""Others who can speak for us. One folder each; `registry` names them in the order of a setting."""
