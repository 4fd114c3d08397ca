"""An assistant for Japan's municipalities: grant questions answered with checked citations."""
