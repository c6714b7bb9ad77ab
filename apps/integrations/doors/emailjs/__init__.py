"""Forms of the web site, in the shape its EmailJS script has always sent."""
