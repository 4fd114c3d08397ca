"""交付金の判定"""

from assistant.ui.grants_page import draw

draw()
