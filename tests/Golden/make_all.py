"""Makes every golden file anew: /usr/bin/python3 tests/Golden/make_all.py"""

import os
import subprocess
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
HELPERS = {"golden.py", "make_all.py"}

for script in sorted(name for name in os.listdir(FOLDER) if name.endswith(".py") and name not in HELPERS):
    subprocess.run([sys.executable, "-B", os.path.join(FOLDER, script)], check=True)
