"""回答の品質"""

from assistant.ui.quality import draw

draw()
