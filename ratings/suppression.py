"""What may be shown of answers, so that nobody's own can be worked out: pure rules, no database.

Two rules, both in the words of official statistics. *Small numbers*: no picture of fewer answers than a threshold, and
no breakdown with a smaller group. *Differencing*: what follows by subtracting one thing shown from another must hold to
the same threshold, be it the group that is left out (secondary suppression) or the answers that came in between.
References: A. Hundepool and others, Statistical Disclosure Control (Wiley, 2012), sections 4.2 on primary and 4.3 on
secondary suppression, 5.4 on linked tables; Office for National Statistics, Policy on protecting confidentiality in
tables of birth and death statistics, on intruders who subtract; UK LLC, Guide to statistical disclosure control, on
masking that can be undone.

What is not defended against: people who put their own answers together, and somebody who joins on several phones.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

Groups = Mapping[int | None, int]
"""How many of each group (None: no group picked) gave a score; absent or 0: nobody."""


def is_apart(one: Counter[str], other: Counter[str], threshold: int) -> bool:
    """Return whether two pictures may both be seen: what either has more than the other is nothing, or enough."""
    return all(total == 0 or total >= threshold for total in ((one - other).total(), (other - one).total()))


def next_picture(
    seen: Sequence[Counter[str]], now: Counter[str], threshold: int, chance: random.Random
) -> Counter[str]:
    """Return the picture to show of the answers there are now: how many gave each.

    `seen` are the pictures that somebody has seen, in order. The answer is the newest that is empty or holds at least
    `threshold` answers, and so far apart from every picture seen: all answers; else the last picture with what came
    or what went, whichever is more, less as many of it, at random, as there is of the other, so that a few who changed
    stay as they were and n is true; else the last picture. Fewer than `threshold` answers in all show nothing: what was
    seen before stays in `seen`, so nothing is gained by going below and above again.
    """
    if now.total() < threshold:
        return Counter()
    if not seen:
        return now
    last = seen[-1]
    come, gone = now - last, last - now
    less = come.total() - gone.total()
    partly = last + drawn(come, less, chance) if less > 0 else last - drawn(gone, -less, chance)
    for picture in (now, partly):
        if all(is_apart(picture, each, threshold) for each in seen):
            return picture
    return last


def drawn(answers: Counter[str], n: int, chance: random.Random) -> Counter[str]:
    """Return `n` of the answers, drawn at random."""
    return Counter(chance.sample(sorted(answers.elements()), n))


def kept_back(picture: Counter[str], now: Counter[str]) -> int:
    """Return how many more answers there are than a picture has, or fewer.

    Not how many are different: somebody who changes their own answer would learn from that whether it was met by
    somebody else's. How many have answered is known to the room, and so is how many a picture has.
    """
    return abs(now.total() - picture.total())


def shown_groups(questions: Sequence[Groups], threshold: int) -> frozenset[int | None]:
    """Return the groups to show, the same for every question: a group hidden in one is hidden in all.

    `questions` are those whose answers are broken down. Every group shown has at least `threshold` scores in each. What
    is left over in each is nobody, or at least `threshold` from two groups that are still two for somebody who takes
    their own score away; the smallest groups join what is left over until that is so. None when that takes all.
    """
    names = {group for question in questions for group in question}
    total = {group: sum(question.get(group, 0) for question in questions) for group in names}
    shown = {group for group in names if all(question.get(group, 0) >= threshold for question in questions)}
    while shown and not all(_hides(question, names - shown, threshold) for question in questions):
        shown.remove(min(shown, key=lambda group: (total[group], group or 0)))
    return frozenset(shown)


def _hides(question: Groups, left_over: set[int | None], threshold: int) -> bool:
    """Return whether what is left over tells of no group in it."""
    sizes = [size for group in left_over if (size := question.get(group, 0))]
    return not sizes or (sum(sizes) >= threshold and len(sizes) - (1 in sizes) >= 2)
