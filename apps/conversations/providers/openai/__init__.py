"""OpenAI speaks: its chat completions, which many others speak as well."""
