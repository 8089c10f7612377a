# SPDX-License-Identifier: Apache-2.0
"""Lists the files of the repository, for the check_*.py programs next to this file."""
import os
import shutil
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def source_files(*endings):
    """Files with one of the endings (all files without any): as git sees them, or in an unpacked archive those on disk."""
    git = shutil.which("git") and subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                                                 cwd=ROOT, capture_output=True, text=True)
    files = git.stdout.splitlines() if git and git.returncode == 0 else []
    if not files:
        files = [os.path.relpath(os.path.join(folder, name), ROOT) for folder, _, names in os.walk(ROOT) for name in names
                 if "/build" not in folder and "/.git" not in folder]
    return sorted(f for f in files if os.path.isfile(os.path.join(ROOT, f)) and (not endings or f.endswith(endings)))
