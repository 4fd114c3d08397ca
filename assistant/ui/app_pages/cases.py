"""事例を探す"""

from assistant.ui.cases import draw

draw()
