"""指標を比べる"""

from assistant.ui.indicators import draw

draw()
