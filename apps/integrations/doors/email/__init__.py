"""Mail that is sent to us: answers to ours, first letters, bounces, and people who want no more.

`reading` understands a mail service's JSON, `raw` a mail as it travels, `quoting` tells a person's
words from ours, `purpose` says what kind of mail it is. All pure; `joining` finds the conversation.
"""
