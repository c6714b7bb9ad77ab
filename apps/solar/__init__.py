"""Markets and what is true in them: territories, tariffs, incentives, sun. Knows no lead."""
