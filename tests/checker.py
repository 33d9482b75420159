"""Works derivations out again, each from nothing but itself, and says where the engine is wrong.

    northstar evaluate --policy rule.json --evidence marks.csv -o json | python3 tests/checker.py

Reads derivations, one JSON document a line, or what `northstar evaluate` or `northstar explain` say
with `-o json`. Shares no code with the engine: numbers are fractions, logarithms have 50 digits.
What fields mean stands beside the engine's `derivation_json`; `steps` are for people, and not read.
"""

import hashlib
import json
import operator
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from functools import cache, reduce
from statistics import mean, median, mode

getcontext().prec = 50
getattr(sys, "set_int_max_str_digits", id)(0)  # exact averages of many values are long
DAY_MICROS, MILLIONTH, SMALLEST_CHANCE = 86_400_000_000, Fraction(1, 10**6), Fraction(1, 10**14)
ln = cache(lambda number: Decimal(int(number)).ln())


def rounded(number, step):
    """To the nearest multiple of step, halves away from zero."""
    return int(Fraction(number) / step + Fraction(1 if number >= 0 else -1, 2)) * step


def hash_of(document):
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def nth_highest(values, n):
    return sorted(values)[-n] if len(values) >= n > 0 else None


def times_at_mastery(values, mastery_milli, times):
    reached = [value for value in values if value >= mastery_milli]
    return mean(reached) if len(reached) >= times else None


def decaying_average(values, newest_weight_percent):
    newest = Fraction(newest_weight_percent, 100)
    return reduce(lambda before, value: before * (1 - newest) + value * newest, values)


def bayesian(values, learned_ppb, learn_ppb, forget_ppb, guess_ppb, slip_ppb, right_at_milli):
    """Knowledge tracing: Bayes' rule on right or wrong, then what is learned and forgotten."""
    chances = (learned_ppb, learn_ppb, forget_ppb, guess_ppb, slip_ppb)
    learned, learn, forget, guess, slip = (Fraction(chance, 10**9) for chance in chances)
    for right in (value >= right_at_milli for value in values):
        able = learned * (1 - slip if right else slip)
        every = able + (1 - learned) * (guess if right else 1 - guess)
        seen = rounded(able / every, SMALLEST_CHANCE) if every else learned
        learned = rounded(seen * (1 - forget) + (1 - seen) * learn, SMALLEST_CHANCE)
    return learned * 1000


def khan(values, kinds, mixed_kinds, right_at_milli):
    level = 0  # 1 attempted, 2 familiar, 3 proficient, 4 mastered
    for value, kind in zip(values, kinds):
        if kind not in mixed_kinds:
            level = 1 if value < 700 else 2 if value < 1000 else max(level, 3)
        else:
            level = min(max(level + 1, 2), 4) if value >= right_at_milli else max(level - 1, 1)
    return level * 1000


# Models are lines: how each sees places (1, 2, 3 and so on), sees values, and gives values back.
AVERAGE = (lambda place: Fraction(1), Fraction, Fraction)
LINE = (Fraction, Fraction, Fraction)
POWER = (ln, ln, lambda height: min(height.exp(), Decimal(2**64)))


def fitted(model, values):
    """The model's line of least squares, as a function of the place."""
    see_place, see_value, give_back = model
    xs, ys = [see_place(x) for x in range(1, len(values) + 1)], [see_value(y) for y in values]
    middle, height = mean(xs), mean(ys)
    away = [x - middle for x in xs]
    slope = sum(x * y for x, y in zip(away, ys)) / (sum(x * x for x in away) or 1)
    return lambda place: give_back(height + slope * (see_place(place) - middle))


def best_fit(values, by):
    """Errors are counted in millionths; what rounding alone can make is a tie: the simpler's."""
    ahead, best = by == "one_step_ahead", (float("inf"), None)
    places = range(3 if ahead else 1, len(values) + 1)
    for model in (AVERAGE, LINE, POWER) if min(values) > 0 else (AVERAGE, LINE):
        whole = fitted(model, values)
        curves = ((x, fitted(model, values[: x - 1]) if ahead else whole) for x in places)
        error = sum(abs(values[x - 1] - rounded(curve(x), MILLIONTH)) for x, curve in curves)
        if error + len(places) * MILLIONTH < best[0]:
            best = (error, whole(len(values)))
    return best[1]


# From values, the oldest first, and parameters. None if the method says nothing.
METHODS = {
    "highest": max,
    "latest": lambda v: v[-1],
    "mean": mean,
    "median": median,
    "mode": lambda v: mode(reversed(v)),  # the newest of several
    "mean_of_top": lambda v, count: mean(sorted(v)[-count:]),
    "mean_of_recent": lambda v, count: mean(v[-count:]),
    "median_of_recent": lambda v, count: median(v[-count:]),
    "times_at_mastery": times_at_mastery,
    "m_of_last": lambda v, m, n: nth_highest(v[-n:], m),
    "in_a_row": lambda v, count: nth_highest(v[-count:], count),
    "weighted_average": lambda v, **weight: decaying_average([mean(v[:-1] or v), v[-1]], **weight),
    "decaying_average": decaying_average,
    "linear_trend": lambda v: fitted(LINE, v)(len(v)),
    "power_law": lambda v: (
        None if min(v) <= 0 else fitted(POWER, v)(len(v)) if len(v) > 2 else v[-1]
    ),
    "best_fit": best_fit,
    "bayesian": bayesian,
    "khan": khan,
    "points": lambda v, per_mark_milli, cap_milli: (
        min(per_mark_milli * len(v) or sum(v), cap_milli)
    ),
}


def exact(policy, used, claimed):
    """The method's value. Logarithms are rounded to millionths, and may be off by 10^-14 of their
    size before that: what is nearest to the claimed value within that is taken."""
    parameters = dict(policy["method"])
    name = parameters.pop("name")
    if name == "khan":
        parameters["kinds"] = [one["kind"] for one in used]
    if name == "times_at_mastery":
        parameters["mastery_milli"] = policy["mastery_milli"]
    newest = 10_000 if name in ("linear_trend", "power_law", "best_fit") else len(used)
    value = METHODS[name]([Fraction(one["value_milli"], 1) for one in used[-newest:]], **parameters)
    if not isinstance(value, Decimal):
        return value
    value, doubt = Fraction(value), Fraction(value) / 10**14
    near = min(max(Fraction(claimed or value), value - doubt), value + doubt)
    return rounded(near, MILLIONTH)


def minimums(policy, used):
    had = {"observation": len(used)}
    had.update((what, len({one[what] for one in used})) for what in ("assessor", "kind"))
    return [{"what": of, "needed": policy[f"minimum_{of}s"], "had": had[of]} for of in had]


def held(policy, used, given):
    """What is shown, the number of observations it is worked out from, and the exact value."""
    found = []
    for length in range(1 if policy["monotone"] else len(used), len(used) + 1):
        first, claimed = used[:length], given["exact"] if length == given["of_first"] else ""
        if all(minimum["had"] >= minimum["needed"] for minimum in minimums(policy, first)):
            value = exact(policy, first, claimed)
            if value is not None:
                shown = max(-(2**63), min(rounded(value, policy["round_to_milli"]), 2**63 - 1))
                found.append((shown, length, str(value)))
    return max(found, default=(None, 0, ""))


def left_out(one, policy, at):
    """Why an observation does not count: what first applies, or None."""
    age = at - one["observed_at_micros"]
    reasons = {
        "not_yet": age < 0,
        "role_excluded": one["role"] in policy["excluded_roles"],
        "not_validated": policy["validated_only"] and not one["validated"],
        "expired": 0 < policy["expires_after_days"] * DAY_MICROS <= age,
    }
    return next((why for why, applies in reasons.items() if applies), None)


def of_evidence(given):
    """What follows from policy, scale, instant and observations: names, what is right, and said."""
    policy, scale = given["policy"], given["scale"]
    seen = {one["evidence"]: one for one in given["used"] + given["left_out"]}
    why = {of: left_out(seen[of], policy, given["at_micros"]) for of in sorted(seen)}
    used = [seen[of] for of in why if why[of] is None]
    used.sort(key=lambda one: one[policy["order"] + "_at_micros"])
    others = [(of, why[of]) for of in why if why[of]]
    others.sort(key=lambda other: seen[other[0]]["observed_at_micros"])
    value, of_first, fraction = held(policy, used, given)
    anything = any(reason != "not_yet" for reason in why.values())
    standing = "not_enough_evidence" if anything else "not_observed"
    if value is not None:
        standing = "at_mastery" if value >= policy["mastery_milli"] else "below_mastery"
        standing = "exceeds" if 0 < policy["exceeds_milli"] <= value else standing
    right = {
        "policy_hash": hash_of(policy),
        "used": [one["evidence"] for one in used],
        "left_out": others,
        "minimums": minimums(policy, used),
        "of_first": of_first,
        "exact": fraction,
        "value_milli": value or 0,
        "level": sum(score <= value for score in scale) if of_first else 0,
        "standing": standing,
        "provisional": of_first > 0 and not any(one["validated"] for one in used[:of_first]),
    }
    said = {**given, "used": [one["evidence"] for one in given["used"]]}
    said["left_out"] = [(one["evidence"], one["why"]) for one in given["left_out"]]
    return [(field, right[field], said[field]) for field in right]


VERDICTS = ("missed", "open", "reached")  # in the order of the alphabet: they compare as text


def by_bar(value, bar, test="gte"):
    tests = {"gte": operator.ge, "lte": operator.le, "eq": operator.eq}
    return "open" if value is None else "reached" if tests[test](value, bar) else "missed"


def of_criterion(rule, step):
    """What follows from what was read, or from what is said of parts: that is checked as well."""
    parts = [part for part in rule.get("parts", []) if part["verdict"] != "not_counting"]
    known = [part for part in parts if "value_milli" in part]
    values, kind, sums = [part["value_milli"] for part in known], rule["kind"], {}
    if not (parts if "parts" in rule else not rule["retired"]):
        verdict, value = "not_counting", None
    elif kind in ("competency", "own"):
        value, standing = rule["read"].get("value_milli"), rule["read"]["standing"]
        said = {"below_mastery": "missed", "at_mastery": "reached", "exceeds": "reached"}
        verdict = said.get(standing, "open")
        if rule["test"] != "mastery":
            verdict = by_bar(value, rule["milli"], rule["test"])
    elif kind == "weighted_mean":
        total = sum(part["weight"] * part["value_milli"] for part in known)
        weight, every = (sum(part["weight"] for part in some) for some in (known, parts))
        sums = {"sum": str(total), "weight_known": str(weight), "weight_counting": str(every)}
        enough = weight and weight * 100 >= every * rule["minimum_known_percent"]
        value = rounded(Fraction(total, weight), step) if enough else None
        verdict = by_bar(value, rule["mastery_milli"])
    elif kind == "minimum":
        value = nth_highest(values, len(parts))
        verdict = min(by_bar(part.get("value_milli"), rule["mastery_milli"]) for part in parts)
    else:  # the best verdict that enough parts, or parts with enough points, have or surpass
        stated = rule.get("k", rule.get("needed"))
        needed = {"all": len(parts), "any": 1, "at_least": stated, "points": stated}[kind]
        worth = [(part["verdict"], part.get("points", 1)) for part in parts]
        have = {least: sum(n for verdict, n in worth if verdict >= least) for least in VERDICTS}
        enough = [least for least in VERDICTS if have[least] >= needed]
        required = [part["verdict"] for part in parts if part.get("required")]
        verdict = min([enough[-1], *required]) if enough else "open"  # too many are retired
        value = have["reached"] * 1000 if kind == "points" else nth_highest(values, needed)
    return {"verdict": verdict, "value_milli": None if verdict == "open" else value, **sums}


def written(rule):
    """A criterion as it was written, without what was read and what follows."""
    follow = "code retired read verdict value_milli sum weight_known weight_counting".split()
    follow += ["competency"] if rule["kind"] == "own" else []
    plain = {field: rule[field] for field in rule if field not in follow}
    if "parts" in rule:
        plain["parts"] = [written(part) for part in rule["parts"]]
    share = {of: plain.pop(of) for of in ("points", "required", "weight") if of in plain}
    return {"part": plain, **share} if share else plain


def of_rollup(given):
    """The same for a roll-up, from what was read. An override is shown as it stands there."""
    rule, criteria = given["rule"], [("rule", given["rule"])]
    for path, one in criteria:  # grows as it goes
        criteria += [(f"{path}.{place}", part) for place, part in enumerate(one.get("parts", []))]
        right = of_criterion(one, given["round_to_milli"])
        yield from ((f"{path} {of}", right[of], one.get(of)) for of in right)
    reads = [one["read"] for _, one in criteria if not one.get("retired", True)]
    known = any("value_milli" in read or read["standing"] != "not_observed" for read in reads)
    said = {"missed": "below_mastery", "reached": "at_mastery"}
    by_rule = {of: rule[of] for of in ("value_milli",) if of in rule}
    otherwise = "not_enough_evidence" if known else "not_observed"
    by_rule["standing"] = said.get(rule["verdict"], otherwise)
    waits = any([read["provisional"] for read in reads])
    by_rule["provisional"] = waits and rule["verdict"] in said
    document = {of: given[of] for of in ("competency", "engine", "framework", "round_to_milli")}
    yield "rollup_hash", hash_of({**document, "criterion": written(rule)}), given["rollup_hash"]
    yield "by_rule", by_rule, given["by_rule"]
    yield "held", given["held"] if "override" in given else by_rule, given["held"]


def wrong(row):
    """All that a derivation says and that does not follow."""
    try:
        given = row.get("derivation", row)
        follows = of_rollup(given) if "rollup_hash" in given else of_evidence(given)
        follows = [("engine", 1, given.get("policy", given)["engine"]), *follows]
        return [f"{of} is {right}, not {said}" for of, right, said in follows if right != said]
    except Exception as error:
        return [f"this is none of engine 1: {error!r}"]


def main():
    sys.stdin.reconfigure(encoding="utf-8", newline=None)
    text = sys.stdin.read().strip().replace("}\n{", "},\n{")
    try:
        documents = json.loads(f"[{text}]", parse_float=str)
        given = [row for document in documents for row in document.get("results", [document])]
    except (AttributeError, ValueError) as error:
        sys.exit(f"this is none of engine 1: {error!r}")
    found = [(number, what) for number, row in enumerate(given, 1) for what in wrong(row)]
    for number, what in found:
        print(f"derivation {number}: {what}")
    print(f"{len(given)} checked, {len(found)} disagreements")
    return 1 if found or not given else 0


if __name__ == "__main__":
    sys.exit(main())
