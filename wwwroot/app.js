// WgHub's own script. Every page works without it.
