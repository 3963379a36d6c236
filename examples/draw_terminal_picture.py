"""Draw the README's picture: a real training of LeNet-5 on the digits, as it stands in the terminal."""

import io
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).parents[1] / "resources" / "train-lenet5.svg"
COMMAND = ["train", "lenet5", "--data", "digits", "--epochs", "12", "--run", "runs/0001-lenet5"]

with TemporaryDirectory() as folder:
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *COMMAND], cwd=folder, check=True, capture_output=True, text=True
    )

console = Console(record=True, width=90, file=io.StringIO(), highlight=False)
console.print(Text("$ workbench " + " ".join(COMMAND), style="bold"))
console.print(Text(done.stdout.rstrip()))
# The export names a font to be fetched from elsewhere; every terminal's own will do.
picture = re.sub(r"@font-face \{.*?\}", "", console.export_svg(title="CNN Workbench"), flags=re.DOTALL)
PICTURE.write_text(picture.replace("Fira Code", "monospace"), encoding="utf-8")
print(f"wrote {PICTURE}")
