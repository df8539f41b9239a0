"""Reduces the second font to what the first lacks. See README.md."""

import sys

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "Noto Sans CJK JP"


def forms(font):
    """The letters with a form of their own for a variation selector."""
    tables = [table for table in font["cmap"].tables if table.format == 14]
    return {(letter, selector) for table in tables for selector, pairs in table.uvsDict.items() for letter, _ in pairs}


def main(first, collection, target):
    first = TTFont(first)
    second = next(font for font in TTCollection(collection).fonts if font["name"].getDebugName(4) == FAMILY)
    letters = set(second.getBestCmap()) - set(first.getBestCmap())
    lacking = forms(second) - forms(first)

    for table in second["cmap"].tables:
        if table.format == 14:
            table.uvsDict = {
                selector: [(letter, glyph) for letter, glyph in pairs if (letter, selector) in lacking]
                for selector, pairs in table.uvsDict.items()
            }
    options = subset.Options()
    # A printer needs no hints for screens, and these letters stand alone.
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.notdef_outline = True
    options.name_IDs = ["*"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(letters | {letter for letter, _ in lacking} | {0x20}))
    subsetter.subset(second)
    second.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
