"""Files become upright sRGB pixels, facts and thumbnails here; the only room that knows Pillow and the decoders."""
