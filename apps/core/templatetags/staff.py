"""What the templates of staff pages need of `core.staff`."""

from django import template

from apps.core.staff import marks

register = template.Library()
register.filter("age", marks.age)
