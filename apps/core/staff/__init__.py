"""What the pages for staff share. Rooms describe their pages with it in their `admin.py`.

`pages` holds the kinds of pages, `marks` the small things shown on them, `panels` the place where
a room shows something on the page of a lower room's object, `filters` what lists are narrowed by.
"""
