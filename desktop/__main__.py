"""`python -m desktop [--home DIR]`."""

import sys

from desktop.app import main

sys.exit(main())
