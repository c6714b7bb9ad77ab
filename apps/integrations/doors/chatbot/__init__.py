"""Reports of the site's chatbot: a conversation so far, and what it learned."""
