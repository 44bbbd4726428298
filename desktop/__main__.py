"""`python -m desktop [--home DIR] [--similar FILE]`."""

import argparse
import sys
from pathlib import Path

from desktop.app import main
from desktop.settings import default_home

parser = argparse.ArgumentParser(prog="propmaster")
parser.add_argument("--home", type=Path, default=None, help="data directory")
parser.add_argument("--similar", type=Path, default=None, metavar="FILE", help="show what looks like this picture")
options = parser.parse_args()
sys.exit(main((options.home or default_home()).absolute(), options.similar and options.similar.absolute()))
