#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Facts of the vendors as C, so that the installed program needs no file: embed.py OUTPUT FACTS.json ..."""
import os
import sys


def main():
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write("/* made by tests/conformance/embed.py of facts/ */\n#include <stddef.h>\n\n"
                  "extern const struct kit_embedded {\n    const char *provider;\n    const char *facts;\n} kit_embedded[];\n\n")
        names = []
        for path in sys.argv[2:]:
            name = os.path.splitext(os.path.basename(path))[0]
            names.append(name)
            with open(path, "rb") as file:
                data = file.read()
            out.write(f"static const char facts_{name}[] = {{\n")
            for at in range(0, len(data), 24):
                out.write("    " + " ".join(f"{b if b < 128 else b - 256}," for b in data[at:at + 24]) + "\n")
            out.write("    0\n};\n\n")
        out.write("const struct kit_embedded kit_embedded[] = {\n")
        for name in names:
            out.write(f'    {{ "{name}", facts_{name} }},\n')
        out.write("    { NULL, NULL }\n};\n")


if __name__ == "__main__":
    main()
